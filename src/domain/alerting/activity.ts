import { membersOf, type MemberView } from '../members.js';
import { nameOf, names } from '../readings.js';
import { duration, grouped } from '../units.js';
import type { Activity } from './past.js';
import type { AlertView, Reading } from './rule.js';
import { coveredMs, windowOf, type Window } from './windows.js';

/** What of a view the helpers look at. */
export type Seen = Pick<AlertView, 'snapshot' | 'activity' | 'now'>;

/** One member's activity within a window. */
export interface Measure<T> {
  readonly label: string;
  /** Null: nothing was read within the window, or its version does not say. */
  readonly value: T | null;
  /** The rows cover at least half of the window: enough to say that all is well. */
  readonly covered: boolean;
}

export type Measured<T> = Measure<T> & { readonly value: T };

/**
 * One measure for each member whose metrics were read within the last half hour. A member that has fallen silent is
 * among them for that long, so that its trouble does not look ended; one that is no member any more is not.
 */
export function measure<T>(
  seen: Seen,
  windowMs: number,
  read: (rows: readonly Activity[], window: Window) => T | null,
): readonly Measure<T>[] {
  const views = membersOf(seen.snapshot);
  const window = windowOf(seen.now, windowMs);
  return seen.activity
    .filter(({ activity, memberId }) => activity.length > 0 && isMember(seen, views, memberId))
    .map(({ memberId, activity }) => ({
      label: nameOf(views, memberId),
      value: read(activity, window),
      covered: coveredMs(activity, window) >= windowMs / 2,
    }));
}

export function measured<T>(measures: readonly Measure<T>[]): readonly Measured<T>[] {
  return measures.flatMap((one) => (one.value === null ? [] : [{ ...one, value: one.value }]));
}

/** What a rule says that sees no trouble: it is well only where enough was read. */
export function calm(
  measures: readonly Measure<unknown>[],
  because: string,
  missing: string,
): Exclude<Reading, { state: 'firing' }> {
  const blind = measures.filter((one) => !one.covered).map((one) => one.label);
  if (measures.length === 0) {
    return { state: 'unknown', reason: 'the metrics of no member were read within the last half hour' };
  }
  if (blind.length > 0) {
    return { state: 'unknown', reason: `the metrics of ${names(blind)} were not read for long enough` };
  }
  if (measured(measures).length === 0) return { state: 'unknown', reason: missing };
  return { state: 'clear', because };
}

/** `0.3 failed proposals a second`. */
export function aSecond(rate: number, what: string): string {
  return `${inDigits(rate)} ${what} a second`;
}

/** With as many digits as matter. */
export function inDigits(rate: number): string {
  if (rate >= 10) return grouped(Math.round(rate));
  return String(Number(rate.toFixed(rate < 0.1 ? 2 : 1)));
}

/** `within 5 min`: as the window was configured. */
export function within(windowMs: number): string {
  return `within ${duration(windowMs)}`;
}

function isMember(seen: Seen, views: readonly MemberView[], id: string): boolean {
  // Without the member list nobody knows who has left.
  return seen.snapshot.facts.members?.known !== true || views.some((view) => view.id === id);
}
