import type { Forecast, SizePoint, SizeSeries, Trend } from '../src/domain/alerting/past.js';
import type { ChartData } from '../src/domain/alerting/ports.js';
import { NOW } from './facts.js';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Points that end now, one each `every`. */
function points(
  count: number,
  every: number,
  at: (share: number, index: number) => Omit<SizePoint, 'at'>,
): readonly SizePoint[] {
  return Array.from({ length: count }, (_, index) => ({
    at: NOW - (count - 1 - index) * every,
    ...at(count === 1 ? 1 : index / (count - 1), index),
  }));
}

export function member(label: string, points_: SizeSeries['points'], quotaBytes: number | null = 2 * GIB) {
  return { label, series: { memberId: `id-${label}`, quotaBytes, points: points_ } };
}

export function trendWith(forecast: Partial<Forecast> | null): Trend {
  const whole: Forecast = {
    memberId: 'id-m1',
    reachedAt: NOW + 30 * HOUR,
    basis: 'in-use',
    confidence: 'high',
    spanMs: 2 * DAY,
    growthBytesPerDay: 0.4 * GIB,
    quotaBytes: 2 * GIB,
  };
  const none = { at: NOW, grownIn4hBytes: null, notCompactedSince: null, spark: [] };
  return { ...none, forecast: forecast === null ? null : { ...whole, ...forecast } };
}

/** One of every kind of picture, by a name for it. */
export function everyChart(): Readonly<Record<string, ChartData>> {
  return { growing: growing(), ...plain(), ...odd(), ...weeks() };
}

/** The story: growth that meets the quota tomorrow. */
export function growing(): ChartData {
  const grown = (base: number) =>
    points(48 * 20, 3 * MINUTE, (share, index) => ({
      sizeBytes: (base + 0.9 * share) * GIB,
      inUseBytes: (base - 0.12 + 0.9 * share - 0.06 * ((index % 20) / 20)) * GIB,
    }));
  const members = [member('m1', grown(0.62)), member('m2', grown(0.55)), member('m3', grown(0.5))];
  return { cluster: 'calico-prod', at: NOW, members, quotaBytes: 2 * GIB, trend: trendWith({}) };
}

function plain(): Record<string, ChartData> {
  const flat = points(360, MINUTE, (_, index) => ({
    sizeBytes: 820 * MIB,
    inUseBytes: (310 + 40 * ((index % 5) / 5)) * MIB,
  }));
  const base = { cluster: 'kube-prod', at: NOW, quotaBytes: 8 * GIB, trend: trendWith(null) };
  const one = points(1, MINUTE, () => ({ sizeBytes: 700 * MIB, inUseBytes: 300 * MIB }));
  return {
    healthy: { ...base, members: [member('kube-1', flat)], quotaBytes: 2 * GIB },
    'much-room': { ...base, members: [member('kube-1', flat), member('kube-2', flat)] },
    'one-point': { ...base, members: [member('kube-1', one)] },
    nothing: { ...base, members: [member('kube-1', [])], trend: null },
    'no-quota': { ...base, members: [member('kube-1', flat, null)], quotaBytes: null, trend: null },
  };
}

function odd(): Record<string, ChartData> {
  const old = points(720, MINUTE, (share) => ({ sizeBytes: (0.9 + 0.5 * share) * GIB, inUseBytes: null }));
  const holed = points(720, MINUTE, (share) => ({
    sizeBytes: (1 + 0.2 * share) * GIB,
    inUseBytes: (0.5 + 0.2 * share) * GIB,
  })).filter((_, index) => index < 250 || index > 430);
  const fell = points(600, MINUTE, (share) => ({
    sizeBytes: (share < 0.8 ? 2 : 0.14) * GIB,
    inUseBytes: (share < 0.75 ? 1.95 : 0.12) * GIB,
  }));
  const long = 'a-cluster-with-a-very-long-name-that-does-not-end-in-time';
  const base = { cluster: 'calico-prod', at: NOW, quotaBytes: 2 * GIB, trend: null };
  return {
    'no-in-use': {
      ...base,
      members: [member('m1', old)],
      trend: trendWith({ basis: 'physical', confidence: 'low', reachedAt: NOW + 15 * HOUR }),
    },
    holes: { ...base, members: [member('m1', holed)] },
    fixed: { ...base, members: [member('m1', fell), member('m2', fell)] },
    hostile: {
      ...base,
      cluster: `<b>&"${long}\u0000\u202e`,
      members: [member('<script>\u0007', holed), member('m2', holed)],
      trend: trendWith({ confidence: 'medium' }),
    },
  };
}

function weeks(): Record<string, ChartData> {
  const spanMs = 30 * MINUTE;
  const coarse = points(48 * 28, spanMs, (share) => ({
    sizeBytes: (2.2 + 3.5 * share) * GIB,
    inUseBytes: (1.9 + 3.2 * share) * GIB,
  })).map((point, index) => ({
    ...point,
    at: point.at - spanMs,
    spanMs,
    leastInUseBytes: (point.inUseBytes ?? 0) * (0.6 + 0.05 * (index % 7)),
  }));
  const far = trendWith({ reachedAt: NOW + 200 * DAY, confidence: 'medium', quotaBytes: 8 * GIB });
  const base = { cluster: 'kube-prod', at: NOW, quotaBytes: 8 * GIB };
  const members = [member('m1', coarse, 8 * GIB), member('m2', coarse, 8 * GIB)];
  return {
    weeks: { ...base, members, trend: trendWith({ reachedAt: NOW + 12 * DAY, quotaBytes: 8 * GIB }) },
    far: { ...base, members, trend: far },
  };
}
