import type { Operation, StepRecord } from '../../domain/operation.js';
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

/** Unbreakable spaces: ordinary ones at the beginning of a line are dropped. */
const INDENT = '\u00a0'.repeat(4);

/** What will happen, numbered; a gate is a condition between two steps, and has no number of its own. */
export function plannedLines(steps: readonly PlannedStep[]): readonly string[] {
  let number = 0;
  const lines = steps.map((step) => {
    if (step.kind === 'gate') return `${INDENT}↳ ${escape(step.label)}`;
    number += 1;
    return `${String(number)}.  ${escape(step.label)}`;
  });
  const more = lines.length - MOST_STEPS;
  return more > 1 ? [...lines.slice(0, MOST_STEPS), `… and ${String(more)} more, in the file`] : lines;
}

/** What happened, and what is still to come. */
export function stepLines(operation: Operation): readonly string[] {
  const { steps } = operation;
  const at = Math.max(0, currentIndex(operation));
  const from = steps.length <= MOST_STEPS ? 0 : Math.max(0, Math.min(at - BEHIND, steps.length - MOST_STEPS));
  const shown = steps.slice(from, from + MOST_STEPS).map((record) => stepLine(record));
  const later = steps.length - from - shown.length;
  return [
    ...(from > 0 ? [`… ${String(from)} steps before`] : []),
    ...shown,
    ...(later > 0 ? [`… ${String(later)} steps to come`] : []),
  ];
}

export function stepLine({ step, state, begunAt, endedAt, result }: StepRecord): string {
  const took = begunAt !== undefined && endedAt !== undefined ? ` · ${duration(endedAt - begunAt)}` : '';
  const why =
    (state === 'failed' || state === 'skipped' || state === 'unclear') && result ? ` · ${prose(result)}` : '';
  const label = state === 'begun' ? `*${escape(step.label)}*` : escape(step.label);
  return `${STEP_MARK[state]} ${label}${took}${why}`;
}

/** How far it is, and what runs since when. */
export function progressLines(operation: Operation): readonly string[] {
  const { steps } = operation;
  const ended = steps.filter(({ state }) => state === 'done' || state === 'skipped').length;
  const line = code(`${bar(ended / Math.max(1, steps.length))} ${String(ended)} of ${String(steps.length)}`);
  const current = steps[currentIndex(operation)];
  if (current?.begunAt === undefined) return [line];
  const expected = expectedMs(operation, current.step);
  const about = expected === null ? '' : `, expected about ${duration(expected)}`;
  return [`${line}  *${escape(current.step.label)}*`, `since ${clockSeconds(current.begunAt)}${about}`];
}

/** The step at work; else the next one to come; -1 when all have ended. */
export function currentIndex({ steps }: Operation): number {
  const open = steps.findIndex(({ state }) => state === 'begun' || state === 'unclear' || state === 'failed');
  return open >= 0 ? open : steps.findIndex(({ state }) => state === 'planned');
}

function expectedMs({ plan }: Operation, step: PlannedStep): number | null {
  if (step.kind !== 'defragment') return null;
  return plan.expected.pauses.find((pause) => pause.memberId === step.memberId)?.pauseMs ?? null;
}
