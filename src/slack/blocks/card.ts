import type { KnownBlock } from '@slack/types';
import { approvalsOf, type Operation } from '../../domain/operation.js';
import { cardButtons } from './card-buttons.js';
import { absorbedBlocks, changeBlocks, conclusionBlocks, reviewLine, watchLine } from './card-outcome.js';
import { approvalLines, byHandBlocks, planBlocks, planFile } from './card-plan.js';
import { currentIndex, progressLines, stepLines } from './card-steps.js';
import { escape, person, prose } from './escape.js';
import { SEVERITY_MARK, STATE_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { context, section, sections } from './parts.js';
import { clock, clockSeconds, moment } from './time.js';

/** The one message that shows an operation, whatever its state. `now` is when it is drawn. */
export function operationCard(operation: Operation, now: number): Message {
  const waits = operation.state === 'pending';
  return compose({
    verdict: `${mark(operation)}${verdict(operation, now)}: ${operation.plan.title}`,
    body: [...bodyOf(operation), ...absorbedBlocks(operation)],
    tail: [
      ...(waits ? byHandBlocks(operation.plan) : []),
      context(...footer(operation)),
      cardButtons(operation),
    ],
    file: waits ? planFile(operation.plan) : undefined,
  });
}

/** The state in words, as the beginning of the header. */
function verdict(operation: Operation, now: number): string {
  const { state, steps, watch } = operation;
  const at = `step ${String(currentIndex(operation) + 1)} of ${String(steps.length)}`;
  if (state === 'pending') return now > operation.approveBy ? 'Too late to approve' : 'To approve';
  if (state === 'approved') return 'Approved, about to start';
  if (state === 'running')
    return operation.cancelRequestedAt === undefined ? `Running, ${at}` : `Stopping, ${at}`;
  if (state === 'unknown')
    return operation.waitsForPerson === undefined ? 'Reading what happened' : 'Needs a person';
  if (state === 'succeeded') return watch?.state === 'reraised' ? 'The alarm is back' : 'Done';
  if (state === 'failed') return currentIndex(operation) >= 0 ? `Failed at ${at}` : 'Failed';
  if (state === 'stale') return 'Out of date, nothing touched';
  if (state === 'expired') return operation.startedAt === undefined ? 'Expired, nothing touched' : 'Expired';
  return { cancelled: 'Cancelled', denied: 'Denied', superseded: 'Replaced' }[state];
}

/** None while it waits: the buttons say that. */
function mark({ state, watch }: Operation): string {
  if (state === 'pending') return '';
  return `${watch?.state === 'reraised' ? SEVERITY_MARK.critical : STATE_MARK[state]} `;
}

function bodyOf(operation: Operation): readonly KnownBlock[] {
  const { state } = operation;
  if (state === 'pending') return [section(quorum(operation)), ...planBlocks(operation)];
  if (state === 'approved') return [section(startLine(operation)), ...sections(stepLines(operation))];
  if (state === 'running') return runningBlocks(operation);
  if (state === 'unknown') return [section(unknownText(operation)), ...sections(stepLines(operation))];
  return endedBlocks(operation);
}

function quorum(operation: Operation): string {
  const count = `${String(approvalsOf(operation))} of ${String(operation.policy.approvals)}`;
  return `*${count} approvals* · until ${clock(operation.approveBy)}`;
}

function startLine({ startBy }: Operation): string {
  const until = startBy === undefined ? '' : ` It must start before ${clock(startBy)}, else it expires.`;
  return `The facts are read once more, then it starts.${until}`;
}

function runningBlocks(operation: Operation): readonly KnownBlock[] {
  const { cancelledBy, cancelRequestedAt } = operation;
  const by = cancelledBy === undefined ? '' : ` by ${person(cancelledBy.userId)}`;
  const stop =
    cancelRequestedAt === undefined
      ? []
      : [`⏭ Stops after this step, asked${by} at ${clock(cancelRequestedAt)}`];
  return [section([...progressLines(operation), ...stop].join('\n')), ...sections(stepLines(operation))];
}

function unknownText(operation: Operation): string {
  const current = operation.steps[currentIndex(operation)];
  const what = current === undefined ? 'An act' : `*${escape(current.step.label)}*`;
  const since = current?.begunAt === undefined ? '' : ` at ${clockSeconds(current.begunAt)}`;
  const began = `${what} began${since}, and its end was not seen.`;
  const lock = 'Nothing is repeated, and the cluster stays locked until this is settled.';
  if (operation.waitsForPerson === undefined) return `${began} Reading the target to find out.\n${lock}`;
  return `${began} Reading the target did not settle it: ${prose(operation.waitsForPerson)}\n${lock}`;
}

/** Verdict, reason and numbers first; the steps, as far as they were begun, last. */
function endedBlocks(operation: Operation): readonly KnownBlock[] {
  const begun = operation.steps.some(({ state }) => state !== 'planned');
  const watch = watchLine(operation.watch);
  return [
    ...(operation.state === 'failed' ? failure(operation) : []),
    ...whoEnded(operation),
    ...conclusionBlocks(operation.conclusion),
    ...(begun ? changeBlocks(operation) : []),
    ...(watch === null ? [] : [section(watch)]),
    ...(begun ? sections(stepLines(operation)) : []),
    ...(begun || operation.state === 'succeeded' ? [] : [section('Nothing was touched.')]),
  ];
}

function failure(operation: Operation): readonly KnownBlock[] {
  const failed = operation.steps.find(({ state }) => state === 'failed');
  if (failed === undefined) return [];
  const why = failed.result === undefined ? '' : `\n${prose(failed.result)}`;
  return [section(`*${escape(failed.step.label)}* failed.${why}`)];
}

function whoEnded(operation: Operation): readonly KnownBlock[] {
  const { state, cancelledBy, reviews, plan } = operation;
  if (state === 'cancelled' && cancelledBy) return [section(`Cancelled by ${person(cancelledBy.userId)}`)];
  const denial = reviews.find((review) => review.verdict === 'deny');
  if (state === 'denied' && denial) return [section(reviewLine(denial))];
  const again = `Propose it again: \`/etcd ${escape(plan.runbook, 40)} ${escape(plan.cluster, 60)}\``;
  return state === 'stale' || state === 'expired' ? [section(again)] : [];
}

/** Who decided, who proposed, and when. */
function footer(operation: Operation): readonly string[] {
  const { state, proposer, createdAt, reviews } = operation;
  const said = reviews.filter((review) => state !== 'denied' || review.verdict === 'approve').map(reviewLine);
  const who =
    state === 'pending'
      ? approvalLines(operation)
      : `Proposed by ${person(proposer.userId)} ${moment(createdAt)}`;
  return [[...said, who].join('\n')];
}
