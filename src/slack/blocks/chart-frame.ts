import type { ChartData } from '../../domain/alerting/ports.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './chart-time.js';

/** Pixels of the picture, and where the lines are drawn in it. */
export const CARD = { width: 1200, height: 675 } as const;
export const PLOT = { left: 172, right: 1152, top: 236, bottom: 574 } as const;

/** Milliseconds and bytes at the plot's edges. */
export interface Frame {
  readonly from: number;
  readonly to: number;
  readonly most: number;
  /** When the forecast meets the quota; null: nothing to show. */
  readonly meets: number | null;
  /** The newest moment of which something is known. */
  readonly last: number;
}

/** A forecast further away than this many times what it stands on is shown as an arrow that leaves the picture. */
const FARTHEST = 3;
const HEADROOM = 1.2;

/** Null: nothing is known that could be drawn. */
export function frameOf(data: ChartData): Frame | null {
  const points = data.members.flatMap(({ series }) => series.points);
  if (points.length === 0) return null;
  const first = least(points.map(({ at }) => at));
  const last = most(points.map((point) => ('spanMs' in point ? point.at + point.spanMs : point.at)));
  const meets = meetsAt(data, last);
  const from = Math.min(first, last - 10 * MINUTE_MS);
  const seen = last - from;
  const to =
    meets === null ? last + seen * 0.02 : Math.min(meets + (meets - from) * 0.03, last + seen * FARTHEST);
  const highest = most(points.map(({ sizeBytes, inUseBytes }) => Math.max(sizeBytes, inUseBytes ?? 0)));
  return { from, to, last, meets, most: Math.max(highest, data.quotaBytes ?? 0, 1) * HEADROOM };
}

/** Loops, not arguments: weeks of several members are too many of these. */
export function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

export function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function meetsAt({ trend, quotaBytes }: ChartData, last: number): number | null {
  const reachedAt = trend?.forecast?.reachedAt;
  return reachedAt !== undefined && quotaBytes !== null && reachedAt > last ? reachedAt : null;
}

export function x(frame: Frame, at: number): number {
  const share = (at - frame.from) / (frame.to - frame.from);
  return tenth(PLOT.left + share * (PLOT.right - PLOT.left));
}

export function y(frame: Frame, bytes: number): number {
  return tenth(PLOT.bottom - (bytes / frame.most) * (PLOT.bottom - PLOT.top));
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

const MOST_SIZE_TICKS = 4;

/** Bytes, from zero up: one to four steps of a power of two, so that each is a round number of KiB, MiB or GiB. */
export function sizeTicks({ most: top }: Frame): readonly number[] {
  let step = 1;
  while (top / step >= MOST_SIZE_TICKS + 1) step *= 2;
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
}

const MOST_TIME_TICKS = 5;

const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 28, 56, 112].map((days) => days * DAY_MS),
];

export interface TimeTicks {
  readonly stepMs: number;
  readonly at: readonly number[];
}

/** Round times in UTC. */
export function timeTicks({ from, to }: Frame): TimeTicks {
  const stepMs = STEPS.find((step) => (to - from) / step <= MOST_TIME_TICKS) ?? to - from;
  const first = Math.ceil(from / stepMs) * stepMs;
  const count = Math.max(0, Math.floor((to - first) / stepMs) + 1);
  return { stepMs, at: Array.from({ length: count }, (_, index) => first + index * stepMs) };
}
