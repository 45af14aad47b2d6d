import { podName } from '../../domain/kubernetes/still-hanging.js';
import type { Operation, OperationState, StepRecord } from '../../domain/operation.js';
import type { PlannedStep } from '../../domain/plan.js';
import { duration } from '../../domain/units.js';
import { escape, prose } from './escape.js';
import { STEP_MARK } from './marks.js';
import { bar, code } from './table.js';
import { clockSeconds } from './time.js';

/** A longer plan is shown around the step at work; all of it is in Details. */
const MOST_STEPS = 14;

/** Steps of a longer plan that stay in sight before the one at work. */
const BEHIND = 4;

/** Of its namespace and name together; Details and the file have all of it. */
const MOST_OF_A_POD = 80;

/** Unbreakable spaces: ordinary ones at the beginning of a line are dropped. */
const INDENT = '\u00a0'.repeat(4);

/** What will happen, numbered; a gate is a condition between two steps, and has no number of its own. */
export function plannedLines(steps: readonly PlannedStep[]): readonly string[] {
  let number = 0;
  const lines = steps.map((step) => {
    if (step.kind === 'gate') return `${INDENT}↳ ${escape(step.label)}`;
    number += 1;
    return [`${String(number)}.  ${escape(step.label)}`, ...podLines(step)].join('\n');
  });
  const more = lines.length - MOST_STEPS;
  return more > 1 ? [...lines.slice(0, MOST_STEPS), `… and ${String(more)} more, in the file`] : lines;
}

/** Each pod that a step may restart, by its name. */
function podLines(step: PlannedStep): readonly string[] {
  if (step.kind !== 'restart-pods') return [];
  return [`${INDENT}↳ ${step.pods.map((pod) => escape(podName(pod), MOST_OF_A_POD)).join(' · ')}`];
}

/** What happened, and what is still to come. */
export function stepLines(operation: Operation): readonly string[] {
  const { state, steps } = operation;
  const at = Math.max(0, currentIndex(operation));
  const from = steps.length <= MOST_STEPS ? 0 : Math.max(0, Math.min(at - BEHIND, steps.length - MOST_STEPS));
  const shown = steps.slice(from, from + MOST_STEPS).map((record) => stepLine(seenBy(state, record)));
  const later = steps.length - from - shown.length;
  return [
    ...(from > 0 ? [`… ${String(from)} lines before`] : []),
    ...shown,
    ...(later > 0 ? [`… ${String(later)} lines to come`] : []),
  ];
}

export function stepLine({ step, state, begunAt, endedAt, result }: StepRecord): string {
  const timed = step.kind !== 'gate' && begunAt !== undefined && endedAt !== undefined;
  const took = timed ? ` · ${duration(endedAt - begunAt)}` : '';
  const why = (state === 'skipped' || state === 'unclear') && result ? ` · ${prose(result)}` : '';
  const label = state === 'begun' || state === 'unclear' ? `*${escape(step.label)}*` : escape(step.label);
  return `${STEP_MARK[state]} ${label}${took}${why}`;
}

/** How far it is, and what runs since when. */
export function progressLines(operation: Operation): readonly string[] {
  const acts = operation.steps.filter(isAct);
  const ended = acts.filter(({ state }) => state === 'done' || state === 'skipped').length;
  const line = code(
    `${bar(ended / Math.max(1, acts.length))} ${String(ended)} of ${String(acts.length)} done`,
  );
  const current = operation.steps[currentIndex(operation)];
  return current === undefined ? [line] : [line, ...currentLines(operation, current)];
}

/** What is at work since when and how far, or what the next step waits for. */
function currentLines(operation: Operation, current: StepRecord): readonly string[] {
  const { step, begunAt, waitsSince, result } = current;
  const label = `*${escape(step.label)}*`;
  const [, awaited] = /^waits: (.*)$/s.exec(result ?? '') ?? [];
  if (begunAt !== undefined) {
    const expected = expectedMs(operation, step);
    const about = expected === null ? '' : `, expected about ${duration(expected)}`;
    // What it waited for before it began is over.
    const far = result === undefined || awaited !== undefined ? about : ` · ${prose(result)}`;
    return [`${label} since ${clockSeconds(begunAt)}${far}`];
  }
  if (waitsSince === undefined) return [];
  const what = awaited === undefined ? '' : `: ${prose(awaited)}`;
  return [`${label} has waited since ${clockSeconds(waitsSince)}${what}`];
}

/** "step 4 of 8", with the numbers of the plan's list; a gate belongs to the step before it. */
export function position(operation: Operation): string {
  const upTo = operation.steps.slice(0, currentIndex(operation) + 1).filter(isAct).length;
  return `step ${String(Math.max(1, upTo))} of ${countOf(operation.plan.steps)}`;
}

export function countOf(steps: readonly PlannedStep[]): string {
  return String(steps.filter((step) => step.kind !== 'gate').length);
}

/** The step at work; else the next one to come; -1 when all have ended. */
export function currentIndex({ steps }: Operation): number {
  const open = steps.findIndex(({ state }) => state === 'begun' || state === 'unclear' || state === 'failed');
  return open >= 0 ? open : steps.findIndex(({ state }) => state === 'planned');
}

function isAct({ step }: StepRecord): boolean {
  return step.kind !== 'gate';
}

/** While nobody knows how an act ended, it is not shown as running. */
function seenBy(state: OperationState, record: StepRecord): StepRecord {
  return state === 'unknown' && record.state === 'begun' ? { ...record, state: 'unclear' } : record;
}

function expectedMs({ plan }: Operation, step: PlannedStep): number | null {
  if (step.kind !== 'defragment') return null;
  return plan.expected.pauses.find((pause) => pause.memberId === step.memberId)?.pauseMs ?? null;
}
