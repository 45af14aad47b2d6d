import { calm, measure, measured, within, type Measured } from './activity.js';
import { levelOf, type Limits } from './levels.js';
import type { Activity, Histogram } from './past.js';
import type { AlertView, Reading } from './rule.js';
import { duration, grouped } from '../units.js';
import { observations, quantile, spreadOf } from './windows.js';

/** What is slow, and when. */
export interface Slowness {
  readonly pick: (row: Activity) => Histogram | null;
  /** Singular and plural, as people say it: `WAL fsync`, `WAL fsyncs`. */
  readonly what: readonly [one: string, many: string];
  /** Seconds. */
  readonly limits: Limits;
  readonly windowMs: number;
  /** Fewer observations than this within the window say nothing. */
  readonly least: number;
  /** Why nothing is known where no member tells it. */
  readonly missing: string;
}

interface Slow {
  readonly p99: number;
  readonly count: number;
}

type Watched = Pick<AlertView, 'snapshot' | 'activity' | 'now' | 'firing'>;

/** Judges each member by its 99th percentile; the slowest counts. */
export function judgeSlowness(view: Watched, slowness: Slowness): Reading {
  const { limits, windowMs, missing } = slowness;
  const measures = measure(view, windowMs, (rows, window) => {
    const spread = spreadOf(rows, window, slowness.pick);
    return spread && slowOf(spread.histogram);
  });
  const read = measured(measures);
  const judged = read.filter(({ value }) => value.count >= slowness.least);
  const worst = judged.toSorted((a, b) => b.value.p99 - a.value.p99)[0];
  const severity = worst ? levelOf(worst.value.p99, limits, view.firing) : null;
  if (!worst || !severity) return calm(measures, wellSince(worst, slowness), missing);
  return {
    state: 'firing',
    severity,
    summary: `1 in 100 ${slowness.what[1]} on ${worst.label} takes ${time(worst.value.p99)} or longer; the limit is ${time(limits[severity] ?? 0)}`,
    evidence: read.map(({ label, value }) => `${label}: ${line(value, slowness)}`),
  };
}

function slowOf(histogram: Histogram): Slow {
  return { p99: quantile(0.99, histogram) ?? 0, count: Math.round(observations(histogram)) };
}

function wellSince(slowest: Measured<Slow> | undefined, { what, windowMs }: Slowness): string {
  if (!slowest) return `too few ${what[1]} to call them slow ${within(windowMs)}`;
  return `99 in 100 ${what[1]} take at most ${time(slowest.value.p99)} on every member`;
}

function line({ p99, count }: Slow, { what, windowMs, least }: Slowness): string {
  const times = `${grouped(count)} ${what[count === 1 ? 0 : 1]} ${within(windowMs)}`;
  return count < least ? `${times}, too few to judge` : `99 in 100 of ${times} took at most ${time(p99)}`;
}

function time(seconds: number): string {
  return duration(seconds * 1000);
}
