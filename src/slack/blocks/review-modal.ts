import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { Operation } from '../../domain/operation.js';
import { standstillText } from './card-plan.js';
import { countOf } from './card-steps.js';
import { escape } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
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

/** What a person can say to a plan; `emergency` approves it alone. */
export type ReviewAct = 'approve' | 'deny' | 'emergency';

const TITLES: Readonly<Record<ReviewAct, string>> = {
  approve: 'Approve',
  deny: 'Deny',
  emergency: 'Emergency approval',
};

const ALONE =
  `${SEVERITY_MARK.critical} *You alone approve this, also where it is your own proposal.* It starts at once, at any hour. ` +
  'Your reason is posted to the alerts channel, where one is configured, and the audit trail marks it.';

/** Asks for the reason, and for the cluster's name where everybody stands still. `atHome`: it was asked for in App Home. */
export function reviewModal(operation: Operation, act: ReviewAct, atHome = false): ModalView {
  const { plan } = operation;
  const standstill = act === 'deny' ? null : plan.standstill;
  return {
    type: 'modal',
    callback_id: REVIEW_MODAL.callback,
    private_metadata: `${operation.id}:${act}${atHome ? ':home' : ''}`,
    title: plainText(TITLES[act], TITLE),
    submit: plainText(submitWords(operation, act), TITLE),
    close: plainText('Back', TITLE),
    blocks: [
      section(`*${escape(plan.title)}*\non ${escape(plan.cluster)}, ${countOf(plan.steps)} steps`),
      ...(act === 'emergency' ? [section(plan.backup ? ALONE : `${ALONE} There is no backup.`)] : []),
      ...(standstill === null ? [] : standstillBlocks(standstill, plan.cluster)),
      reasonInput(act === 'approve'),
      context(`Plan \`${operation.planHash.slice(0, 12)}\``),
    ],
  };
}

function submitWords({ plan }: Operation, act: ReviewAct): string {
  if (act === 'deny') return 'Deny';
  if (act === 'emergency') return 'Approve alone';
  return plan.backup ? 'Approve' : 'Approve without backup';
}

/** The operation and what is said to it; null where the text is none of ours. */
export function reviewOf(
  privateMetadata: string,
): { operationId: string; act: ReviewAct; atHome: boolean } | null {
  const [, operationId, act, home] = /^([^:]+):(approve|deny|emergency)(:home)?$/.exec(privateMetadata) ?? [];
  if (operationId === undefined) return null;
  const known = act === 'approve' || act === 'emergency' ? act : 'deny';
  return { operationId, act: known, atHome: home !== undefined };
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
