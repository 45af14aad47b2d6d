import { levelOf } from '../domain/alerting/levels.js';
import { rule, share, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { silentMetrics } from '../domain/alerting/silence.js';
import { membersOf } from '../domain/members.js';
import { metricsOf } from '../domain/readings.js';
import { grouped, percent } from '../domain/units.js';

const thresholds = {
  warning: share(0.8, 'open files of the most that the process may open'),
  critical: share(0.95, 'open files of the most that the process may open'),
  for: span(5 * 60_000, 'how long it is seen before it is told'),
};

export default rule({
  title: 'File descriptors',
  means: 'A member that can open no more files takes no connection, and may stop',
  advice: 'Find the clients with most connections, and raise the limit of open files of the process',
  runbook: null,
  cause: 'files',
  every: 'metrics',
  quietInMaintenance: false,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

function judge(view: AlertView<typeof thresholds>): Reading {
  const views = membersOf(view.snapshot);
  const used = metricsOf(views).flatMap(({ member, value: { counters } }) => {
    const open = counters?.openFiles ?? null;
    const most = counters?.mostOpenFiles ?? null;
    return open === null || most === null || most <= 0 ? [] : [{ label: member.label, open, most }];
  });
  const fullest = used.toSorted((a, b) => b.open / b.most - a.open / a.most)[0];
  if (!fullest) return { state: 'unknown', reason: 'no member tells of its open files' };
  const severity = levelOf(fullest.open / fullest.most, view.limits, view.firing);
  const counts = `${percent(fullest.open / fullest.most)} of its file descriptors`;
  if (!severity) {
    return (
      silentMetrics(view, views) ?? {
        state: 'clear',
        because: `${fullest.label} uses ${counts}, the others less`,
      }
    );
  }
  return {
    state: 'firing',
    severity,
    summary: `${fullest.label} uses ${counts}: ${grouped(fullest.open)} of ${grouped(fullest.most)}`,
    evidence: used.map(({ label, open, most }) => `${label}: ${grouped(open)} of ${grouped(most)} open`),
  };
}
