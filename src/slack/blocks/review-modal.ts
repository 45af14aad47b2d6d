import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { Operation, Review } from '../../domain/operation.js';
import { standstillText } from './card-plan.js';
import { countOf } from './card-steps.js';
import { escape } from './escape.js';
import { context, plainText, section } from './parts.js';

/** Where the modal's values are found again; `callback` is the modal's id. */
export const REVIEW_MODAL = {
  callback: 'operation.review',
  reason: { block: 'reason', action: 'reason' },
  /** The cluster's name, typed: a standstill is confirmed by hand, not by a click. */
  standstill: { block: 'standstill', action: 'cluster' },
} as const;

const TITLE = 24;
const LABEL = 150;
const REASON = 500;

/** Asks for the reason, and for the cluster's name where everybody stands still. */
export function reviewModal(operation: Operation, verdict: Review['verdict']): ModalView {
  const approves = verdict === 'approve';
  const { plan } = operation;
  const words = approves ? (plan.backup ? 'Approve' : 'Approve without backup') : 'Deny';
  return {
    type: 'modal',
    callback_id: REVIEW_MODAL.callback,
    private_metadata: `${operation.id}:${verdict}`,
    title: plainText(approves ? 'Approve' : 'Deny', TITLE),
    submit: plainText(words, TITLE),
    close: plainText('Back', TITLE),
    blocks: [
      section(`*${escape(plan.title)}*\non ${escape(plan.cluster)}, ${countOf(plan.steps)} steps`),
      ...(approves && plan.standstill !== null ? standstillBlocks(plan.standstill, plan.cluster) : []),
      reasonInput(approves),
      context(`Plan \`${operation.planHash.slice(0, 12)}\``),
    ],
  };
}

/** The operation and the verdict of a submitted modal; null where the text is none of ours. */
export function reviewOf(
  privateMetadata: string,
): { operationId: string; verdict: Review['verdict'] } | null {
  const [, operationId, verdict] = /^([^:]+):(approve|deny)$/.exec(privateMetadata) ?? [];
  if (operationId === undefined) return null;
  return { operationId, verdict: verdict === 'approve' ? 'approve' : 'deny' };
}

function standstillBlocks(sentence: string, cluster: string): readonly KnownBlock[] {
  const input: InputBlock = {
    type: 'input',
    block_id: REVIEW_MODAL.standstill.block,
    label: plainText(`Type ${cluster} to confirm this`, LABEL),
    element: {
      type: 'plain_text_input',
      action_id: REVIEW_MODAL.standstill.action,
      placeholder: plainText(cluster, LABEL),
    },
  };
  return [section(standstillText(sentence)), input];
}

function reasonInput(optional: boolean): InputBlock {
  return {
    type: 'input',
    block_id: REVIEW_MODAL.reason.block,
    optional,
    label: plainText('Reason', LABEL),
    element: {
      type: 'plain_text_input',
      action_id: REVIEW_MODAL.reason.action,
      multiline: true,
      max_length: REASON,
    },
  };
}
