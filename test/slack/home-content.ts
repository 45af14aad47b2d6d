import type { Incident, Outlook } from '../../src/domain/alerting/incident.js';
import type { ClusterGlance } from '../../src/slack/blocks/home-clusters.js';
import type { HomeContent } from '../../src/slack/blocks/home.js';
import { trendWith } from '../charts.js';
import { MINUTE, NOW } from '../facts.js';
import { fixPlan, pendingFix, standstill, succeededFix } from '../operations.js';

const GIB = 1024 ** 3;

export function outlook(cluster: string, changes: Partial<Outlook> = {}): Outlook {
  return {
    cluster,
    at: NOW - 10_000,
    unreadableSince: null,
    severity: 'ok',
    summary: `${cluster} is healthy`,
    members: 3,
    sizeBytes: 0.4 * GIB,
    inUseBytes: 0.3 * GIB,
    quotaBytes: 2 * GIB,
    share: 0.2,
    trend: null,
    incidents: [],
    ...changes,
  };
}

export function seen(name: string, changes: Partial<Outlook> = {}): ClusterGlance {
  return { name, environment: 'production', outlook: outlook(name, changes), stale: false };
}

export function incident(changes: Partial<Incident> = {}): Incident {
  return {
    id: 'inc-1',
    version: 3,
    cluster: 'calico-prod',
    environment: 'production',
    cause: 'space',
    state: 'firing',
    severity: 'critical',
    worst: 'critical',
    since: NOW - 12 * MINUTE,
    openedAt: NOW - 11 * MINUTE,
    changedAt: NOW - MINUTE,
    signals: [
      {
        rule: 'alarm-nospace',
        title: 'NOSPACE alarm',
        means: 'Every write is refused.',
        advice: 'Approve the fix.',
        runbook: 'fix',
        severity: 'critical',
        since: NOW - 12 * MINUTE,
        summary: 'NOSPACE on m1: every write is refused',
        evidence: [],
      },
    ],
    events: [],
    remindedAt: [],
    channel: 'C0PLATFORM',
    picture: null,
    ...changes,
  };
}

export function content(changes: Partial<HomeContent> = {}): HomeContent {
  const base = { now: NOW, clusters: [], unsure: 0, waiting: [], incidents: [], recent: [] };
  return { ...base, ...changes };
}

/** One of every kind of Home, by a name for it. */
export function everyHome(): Readonly<
  Record<string, { readonly content: HomeContent; readonly page: number }>
> {
  return {
    few: { content: few(), page: 0 },
    many: { content: many(), page: 1 },
    nothing: { content: content(), page: 0 },
    unsure: { content: content({ clusters: [seen('kube-prod')], unsure: 3 }), page: 0 },
    work: { content: work(), page: 0 },
  };
}

function few(): HomeContent {
  const nospace = { id: 'inc-1', severity: 'critical', title: 'NOSPACE alarm' } as const;
  const clusters: readonly ClusterGlance[] = [
    seen('kube-prod'),
    seen('calico-test', {
      severity: 'warning',
      summary: 'calico-test: m2 is at 82 %',
      share: 0.82,
      trend: trendWith({}),
    }),
    seen('calico-prod', { severity: 'critical', summary: 'NOSPACE on m1', share: 1, incidents: [nospace] }),
    { name: 'new-one', environment: null, outlook: null, stale: false },
    { ...seen('old-one', { at: NOW - 9 * MINUTE }), stale: true },
    seen('mute-one', {
      severity: 'unknown',
      summary: 'no member answers',
      unreadableSince: NOW - 4 * MINUTE,
      ...{ sizeBytes: null, share: null },
    }),
  ];
  return content({ clusters, incidents: [incident()], recent: [succeededFix()] });
}

/** Two hundred: the worst come first, whatever their names. */
export function many(): HomeContent {
  const clusters = Array.from({ length: 200 }, (_, index) =>
    seen(`cluster-${String(index).padStart(3, '0')}`, {
      share: ((index * 37) % 90) / 100,
      ...(index % 50 === 7 ? { severity: 'warning', summary: 'grows too fast', trend: trendWith({}) } : {}),
    }),
  );
  return content({ clusters });
}

function work(): HomeContent {
  const calm = { ...pendingFix(), id: 'op-2', plan: { ...fixPlan(), title: 'Fix a full etcd' }, reason: '' };
  const acknowledged = { by: { teamId: 'T1', userId: 'U2' }, at: NOW - MINUTE };
  const warning = incident({ id: 'inc-2', severity: 'warning', acknowledged });
  const others = Array.from({ length: 7 }, (_, index) =>
    incident({ id: `inc-${String(index + 3)}`, severity: 'info' }),
  );
  return content({
    clusters: [seen('calico-prod', { severity: 'warning', summary: 'fills' })],
    waiting: [{ ...pendingFix(), plan: standstill() }, calm],
    incidents: [...others, warning, incident()],
    recent: Array.from({ length: 8 }, (_, index) => ({ ...succeededFix(), id: `op-${String(index)}` })),
  });
}
