import type { Forecast } from '../domain/alerting/past.js';
import { rule, span, type AlertSeverity, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { inUseOf, sizeOf } from '../domain/alerting/usage.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { nameOf } from '../domain/readings.js';
import { bytes, duration } from '../domain/units.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const thresholds = {
  warning: span(3 * DAY_MS, 'time left until the quota is reached'),
  critical: span(4 * HOUR_MS, 'time left until the quota is reached'),
  leastHistory: span(6 * HOUR_MS, 'history that a forecast stands on at least'),
  for: span(15 * 60_000, 'how long it is seen before it is told'),
};

type View = AlertView<typeof thresholds>;

/** What has begun ends when this much more time is left than it began with. */
const EASE = 1.5;

export default rule({
  title: 'Quota forecast',
  means: 'If it grows on like this the quota is reached then, and etcd refuses every write',
  advice: 'Find out what writes so much or what does not compact, and propose the fix while there is time',
  runbook: 'fix',
  cause: 'space',
  every: 'sample',
  quietInMaintenance: false,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

function judge(view: View): Reading {
  const { trend, snapshot, now } = view;
  if (!trend) return { state: 'unknown', reason: 'the sizes have not been watched for long enough' };
  const views = membersOf(snapshot);
  const { forecast } = trend;
  if (forecast && hasFallen(forecast, views))
    return { state: 'clear', because: `${nameOf(views, forecast.memberId)} has become smaller since` };
  const severity = forecast ? severityOf(forecast, view) : null;
  if (!forecast || !severity) return { state: 'clear', because: wellBecause(forecast, now) };
  const who = nameOf(views, forecast.memberId);
  const left = Math.max(0, forecast.reachedAt - now);
  return {
    state: 'firing',
    severity,
    summary:
      left === 0
        ? `${who} may reach its quota at any moment`
        : `${who} reaches its quota in about ${roughly(left)} (${momentOf(forecast.reachedAt)})`,
    evidence: evidenceOf(forecast, views),
  };
}

/** As much as ends a tooth of the saw. */
const FALL = 0.15;

/** Forecasts are made every few minutes: what was defragmented or cleaned up meanwhile makes them void at once. */
function hasFallen({ memberId, levelBytes, byTops }: Forecast, views: readonly MemberView[]): boolean {
  const member = views.find(({ id }) => id === memberId);
  if (!member || levelBytes === undefined) return false;
  const read = byTops === true ? [sizeOf(member)] : [sizeOf(member), inUseOf(member)];
  const sizes = read.filter((size) => size !== null);
  return sizes.some((size) => size < (1 - FALL) * levelBytes);
}

/** Nobody is woken by a guess, and told of one only where there is no time to be sure. */
function severityOf(
  { reachedAt, confidence }: Forecast,
  { limits, firing, now }: View,
): AlertSeverity | null {
  const left = reachedAt - now;
  const within = (limit: number, severity: AlertSeverity): boolean =>
    left <= limit * (firing === severity || firing === 'critical' ? EASE : 1);
  if (within(limits.critical, 'critical')) return confidence === 'low' ? 'warning' : 'critical';
  if (confidence === 'low') return null;
  return within(limits.warning, 'warning') ? 'warning' : null;
}

function wellBecause(forecast: Forecast | null, now: number): string {
  if (!forecast) return 'the sizes do not grow towards the quota';
  return `the quota is not reached before ${momentOf(forecast.reachedAt)}, in about ${roughly(forecast.reachedAt - now)}`;
}

function evidenceOf(forecast: Forecast, views: readonly MemberView[]): readonly string[] {
  const { basis, confidence, spanMs, growthBytesPerDay, quotaBytes } = forecast;
  const by =
    basis === 'in-use'
      ? 'By the peaks of the size in use between compactions'
      : 'By the physical size, as the size in use is not known';
  const each = spanMs < DAY_MS ? HOUR_MS : DAY_MS;
  const growth = `${bytes((growthBytesPerDay * each) / DAY_MS)} ${each === DAY_MS ? 'a day' : 'an hour'}`;
  return [
    `${nameOf(views, forecast.memberId)} grows by ${growth} towards ${bytes(quotaBytes)}`,
    `${by}, over ${duration(spanMs)}; confidence: ${confidence}`,
  ];
}

function momentOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** An estimate has no minutes when it is about days. */
function roughly(ms: number): string {
  if (ms >= 2 * DAY_MS) return `${String(Math.round(ms / DAY_MS))} days`;
  if (ms >= 2 * HOUR_MS) return `${String(Math.round(ms / HOUR_MS))} h`;
  return ms >= 120_000 ? `${String(Math.round(ms / 60_000))} min` : `${String(Math.round(ms / 1000))} s`;
}
