import { aSecond, calm, inDigits, measure, measured, within } from './activity.js';
import { levelOf, type Limits } from './levels.js';
import type { Activity } from './past.js';
import type { AlertView, Reading } from './rule.js';
import { rateOf, totalOf } from './windows.js';

/** What happens too often, and when it does. */
export interface Frequency {
  readonly pick: (row: Activity) => number | null;
  /** Plural: `failed proposals`. */
  readonly what: string;
  /** A second, on one member. */
  readonly limits: Limits;
  readonly windowMs: number;
  /** Why nothing is known where no member tells it. */
  readonly missing: string;
}

type Watched = Pick<AlertView, 'snapshot' | 'activity' | 'now' | 'firing'>;

/** Judges each member by the rate of a counter over the window; the worst counts. */
export function judgeRate(view: Watched, frequency: Frequency): Reading {
  const { limits, windowMs, what, missing, pick } = frequency;
  const measures = measure(view, windowMs, (rows, window) => rateOf(totalOf(rows, window, pick)));
  const read = measured(measures);
  const worst = read.toSorted((a, b) => b.value - a.value)[0];
  const severity = worst ? levelOf(worst.value, limits, view.firing) : null;
  if (!worst || !severity) return calm(measures, well(worst?.value ?? 0, frequency), missing);
  return {
    state: 'firing',
    severity,
    summary: `${worst.label} has ${aSecond(worst.value, what)} ${within(windowMs)}; the limit is ${inDigits(limits[severity] ?? 0)}`,
    evidence: read.map(({ label, value }) => `${label}: ${aSecond(value, what)}`),
  };
}

function well(most: number, { what, windowMs }: Frequency): string {
  return most === 0 ? `no ${what} ${within(windowMs)}` : `at most ${aSecond(most, what)} ${within(windowMs)}`;
}
