import type { KnownBlock } from '@slack/types';
import { approvalsOf, type Operation } from '../../domain/operation.js';
import { bare } from '../../domain/sentence.js';
import { bannerBlocks } from './card-banners.js';
import { cardButtons } from './card-buttons.js';
import { endedBlocks } from './card-ended.js';
import { absorbedBlocks, reviewLine } from './card-outcome.js';
import { approversLine, byHandBlocks, planBlocks, planFile, proposalLine } from './card-plan.js';
import { currentIndex, position, progressLines, stepLines } from './card-steps.js';
import { escape, person, prose, withPeople } from './escape.js';
import { SEVERITY_MARK, STATE_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { context, section, sections } from './parts.js';
import { peopleIn } from './people.js';
import { clock, clockSeconds } from './time.js';

/** The one message that shows an operation, whatever its state. `now` is when it is drawn. */
export function operationCard(operation: Operation, now: number): Message {
  const waits = operation.state === 'pending';
  return compose({
    verdict: `${mark(operation)}${verdict(operation, now)}: ${operation.plan.title}`,
    body: [...bannerBlocks(operation, now), ...bodyOf(operation), ...absorbedBlocks(operation)],
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
  const { state, watch } = operation;
  const at = position(operation);
  if (state === 'pending') return now > operation.approveBy ? 'Too late to approve' : 'To approve';
  if (state === 'approved')
    return operation.waits === undefined ? 'Approved, about to start' : 'Approved, waits';
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
  if (state === 'pending') return [section(quorum(operation)), ...planBlocks(operation.plan)];
  if (state === 'approved') return [section(startLine(operation)), ...sections(stepLines(operation))];
  if (state === 'running') return runningBlocks(operation);
  if (state === 'unknown') return [section(unknownText(operation)), ...sections(stepLines(operation))];
  return endedBlocks(operation);
}

function quorum(operation: Operation): string {
  const count = `${String(approvalsOf(operation))} of ${String(operation.policy.approvals)}`;
  return `*${count} approvals* · until ${clock(operation.approveBy)}`;
}

function startLine(operation: Operation): string {
  const { startBy, waits } = operation;
  const until = startBy === undefined ? '' : ` It must start before ${clock(startBy)}, else it expires.`;
  if (waits === undefined) return `The facts are read once more, then it starts.${until}`;
  return `*Waits*: ${withPeople(prose(bare(waits)), peopleIn(operation))}.${until}`;
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

/** Who decided, who proposed, when and why. */
function footer(operation: Operation): readonly string[] {
  const { state, reviews } = operation;
  const said = reviews.filter((review) => state !== 'denied' || review.verdict === 'approve').map(reviewLine);
  const may = state === 'pending' ? [approversLine(operation)] : [];
  return [[...said, ...may, proposalLine(operation)].join('\n')];
}
