import { calm, measure, measured, within } from '../domain/alerting/activity.js';
import { EASE, levelOf } from '../domain/alerting/levels.js';
import type { Activity } from '../domain/alerting/past.js';
import { count, rule, share, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { totalOf, type Window } from '../domain/alerting/windows.js';
import { grouped } from '../domain/units.js';

const thresholds = {
  warning: share(0.01, 'failed requests of all requests'),
  critical: share(0.05, 'failed requests of all requests'),
  least: count(100, 'requests within the window below which a share says nothing'),
  window: span(5 * 60_000, 'the window in which requests are counted'),
  for: span(10 * 60_000, 'how long it is seen before the warning is told'),
  forCritical: span(5 * 60_000, 'how long it is seen before the critical alert is told'),
};

type View = AlertView<typeof thresholds>;

interface Requests {
  readonly handled: number;
  readonly failed: number;
}

export default rule({
  title: 'Failing requests',
  means: 'Clients get errors from etcd instead of answers',
  advice: 'Diagnose the cluster, and look into the logs of the members with most failures',
  runbook: null,
  cause: 'requests',
  joins: ['space', 'members', 'disk'],
  lingers: true,
  every: 'metrics',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (severity, limits) => (severity === 'critical' ? limits.forCritical : limits.for),
  judge,
});

function judge(view: View): Reading {
  const { limits, firing } = view;
  const measures = measure(view, limits.window, requestsOf);
  const read = measured(measures);
  const handled = read.reduce((sum, { value }) => sum + value.handled, 0);
  const failed = read.reduce((sum, { value }) => sum + value.failed, 0);
  const least = firing === null ? limits.least : limits.least * EASE;
  const level = handled < least ? null : levelOf(failed / handled, limits, firing);
  const counts = `${whole(failed)} of ${whole(handled)} requests`;
  if (!level) {
    const few = handled < least ? ', too few to judge' : '';
    return calm(
      measures,
      `${counts} failed ${within(limits.window)}${few}`,
      'no member tells of its requests',
    );
  }
  return {
    state: 'firing',
    severity: level,
    summary: `${rounded(failed / handled)} of requests fail: ${counts} ${within(limits.window)}`,
    evidence: read.map(
      ({ label, value }) => `${label}: ${whole(value.failed)} of ${whole(value.handled)} failed`,
    ),
  };
}

function requestsOf(rows: readonly Activity[], window: Window): Requests | null {
  const handled = totalOf(rows, window, (row) => row.requests?.handled ?? null);
  const failed = totalOf(rows, window, (row) => row.requests?.failed ?? null);
  return handled && failed ? { handled: handled.sum, failed: failed.sum } : null;
}

/** One digit: the limits are at one and five. */
function rounded(failed: number): string {
  return `${(failed * 100).toFixed(1).replace(/\.0$/, '')} %`;
}

function whole(requests: number): string {
  return grouped(Math.round(requests));
}
