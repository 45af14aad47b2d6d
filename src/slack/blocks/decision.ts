import { approvalsOf, type Operation } from '../../domain/operation.js';
import { bare } from '../../domain/sentence.js';
import { isOpenAt } from '../../domain/window.js';
import { escape, prose, withPeople } from './escape.js';
import { SEVERITY_MARK, STATE_MARK, STEP_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { peopleIn } from './people.js';
import { section } from './parts.js';
import type { ReviewAct } from './review-modal.js';

/** Tells whoever decided what has come of it; the card tells everybody. */
export function decisionMessage(operation: Operation, act: ReviewAct | 'cancel'): Message {
  const text = textOf(operation, act);
  const about = escape(operation.plan.title);
  return compose({ verdict: text, headline: false, body: [section(`${said(operation, text)}\n${about}`)] });
}

function said(operation: Operation, text: string): string {
  return withPeople(prose(text), peopleIn(operation));
}

function textOf(operation: Operation, act: ReviewAct | 'cancel'): string {
  if (act === 'deny') return `${STATE_MARK.denied} Denied. Nothing was touched.`;
  if (act === 'cancel') return cancelText(operation);
  const counts = act === 'emergency' ? 'Approved by you alone' : countText(operation);
  return `${STEP_MARK.done} ${counts}.${startText(operation)}`;
}

function countText(operation: Operation): string {
  return `Your approval counts: ${String(approvalsOf(operation))} of ${String(operation.policy.approvals)}`;
}

function startText(operation: Operation): string {
  const { state, waits, windows, reviews } = operation;
  if (state === 'pending') return '';
  if (waits !== undefined) return ` It waits: ${bare(waits)}.`;
  const atAnyHour = reviews.some(
    ({ emergency, outsideWindow }) => emergency === true || outsideWindow === true,
  );
  if (atAnyHour || isOpenAt(windows, reviews.at(-1)?.at ?? 0)) return ' It starts now.';
  return ' It starts once the maintenance window opens.';
}

function cancelText({ state }: Operation): string {
  if (state === 'running') return `${STATE_MARK.cancelled} It stops after the current step.`;
  if (state === 'cancelled') return `${STATE_MARK.cancelled} Cancelled. Nothing was touched.`;
  return `${SEVERITY_MARK.unknown} Closed. Look at the cluster before anybody starts again.`;
}
