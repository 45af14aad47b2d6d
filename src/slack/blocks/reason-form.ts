import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { escape } from './escape.js';
import type { Message } from './message.js';
import { context, plainText, section } from './parts.js';
import { span } from './table.js';

/** Where the form's value is found again; `callback` is the form's id. */
export const REASON_FORM = {
  callback: 'operation.propose',
  reason: { block: 'reason', action: 'reason' },
} as const;

/** Characters. */
export const MOST_REASON = 500;

const TITLE = 24;
const LABEL = 150;

export interface ReasonForm {
  /** Opaque; the question itself stays with us. */
  readonly draftId: string;
  /** "Propose fix". */
  readonly title: string;
  readonly submit: string;
  /** The command as it was typed. */
  readonly line: string;
}

/** Asks why, before anything is proposed, paused or resumed. */
export function reasonForm({ draftId, title, submit, line }: ReasonForm): ModalView {
  return {
    type: 'modal',
    callback_id: REASON_FORM.callback,
    private_metadata: draftId,
    title: plainText(title, TITLE),
    submit: plainText(submit, TITLE),
    close: plainText('Back', TITLE),
    blocks: [section(span(escape(line))), reasonInput(), context(promise(submit))],
  };
}

function promise(submit: string): string {
  return submit === 'Propose'
    ? 'The plan is made of fresh facts and posted as a card. Nothing starts before it is approved.'
    : 'It holds from the moment that you send this, and everybody sees who said why.';
}

function reasonInput(): InputBlock {
  return {
    type: 'input',
    block_id: REASON_FORM.reason.block,
    label: plainText('Why? For the approvers and for the record', LABEL),
    element: {
      type: 'plain_text_input',
      action_id: REASON_FORM.reason.action,
      multiline: true,
      max_length: MOST_REASON,
      focus_on_load: true,
    },
  };
}

/** What the form turns into when nothing came of it: the reason why, and the words that would else be lost. */
export function formRefused({ blocks }: Message, written: string): ModalView {
  const words: readonly KnownBlock[] =
    written === '' ? [] : [section(`*What you wrote*\n${escape(written, MOST_REASON)}`)];
  return {
    type: 'modal',
    callback_id: 'refused',
    title: plainText('Not done', TITLE),
    close: plainText('Close', TITLE),
    blocks: [...blocks, ...words],
  };
}
