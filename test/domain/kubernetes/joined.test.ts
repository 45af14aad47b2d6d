import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../../src/domain/fact.js';
import { joined } from '../../../src/domain/kubernetes/joined.js';
import type { CronJobPace, HangingPod } from '../../../src/domain/kubernetes/facts.js';
import type { FactValues, Past, Snapshot } from '../../../src/domain/snapshot.js';
import {
  full,
  healthy,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  withAlarms,
  withEveryMetrics,
  withEveryStatus,
  withFact,
  withWriteProbe,
} from '../../facts.js';
import {
  calicoNode,
  hangingPod,
  hangingPods,
  JSON_WORDS,
  many,
  POOL_WORDS,
  withKubernetes,
} from '../../kubernetes-facts.js';

const TWELVE = many(12);
const LIKELY: Partial<HangingPod> = { confidence: 'likely', words: JSON_WORDS };
const IMAGE: Partial<HangingPod> = { cause: 'image', words: 'ErrImagePull' };

function paces(...each: readonly (readonly [string, number])[]): readonly CronJobPace[] {
  return each.map(([name, podsPerHour]) => ({
    ...{ namespace: 'batch', name, schedule: '* * * * *', suspended: false },
    ...{ podsPerHour, basis: 'counted' as const },
  }));
}

const BUSY = paces(['report', 360], ['cleanup', 300], ['sync', 240]);
const SEEN: Past = { fullSince: NOW - 35 * MINUTE, compactedAt: NOW - 3 * DAY };

function incident(changes: Partial<FactValues> = {}, past: Past | undefined = SEEN): Snapshot {
  const snapshot = withKubernetes(full(healthy()), {
    pods: hangingPods(TWELVE),
    'cron-jobs': BUSY,
    ...changes,
  });
  return { ...snapshot, past };
}

function well(pods: readonly HangingPod[], past?: Past): Snapshot {
  return { ...withKubernetes(healthy(), { pods: hangingPods(pods) }), past };
}

/** Compacted once, but not for three days. */
function compactedOnce(snapshot: Snapshot): Snapshot {
  return withEveryMetrics(snapshot, { compactRevision: 500 });
}

const NO_CRONS = unknown('denied', 'Our role may not list cronjobs.batch at k8s:6443.');

const CASES: readonly (readonly [string, Snapshot, string, string | null, string])[] = [
  [
    'full, and nothing was ever compacted',
    incident(),
    'critical',
    'fix',
    "12 pods hang because Calico can't write their addresses: its etcd calico-prod is over its quota since 02:25 UTC, for 35 min; it most likely filled because CronJobs report, cleanup and sync start 900 pods an hour and nothing was ever compacted.",
  ],
  [
    'full, and nothing compacted for days',
    compactedOnce(incident()),
    'critical',
    'fix',
    "12 pods hang because Calico can't write their addresses: its etcd calico-prod is over its quota since 02:25 UTC, for 35 min; it most likely filled because CronJobs report, cleanup and sync start 900 pods an hour and nothing was compacted since Saturday 03:00 UTC.",
  ],
  [
    'full, and the kubelet’s words only fit',
    incident({ pods: hangingPods(many(1, LIKELY)), 'calico-parts': { node: null, controllers: null } }),
    'critical',
    'fix',
    "1 pod hangs most likely because its address can't be written: its etcd calico-prod is over its quota since 02:25 UTC, for 35 min; it most likely filled because CronJobs report, cleanup and sync start 900 pods an hour and nothing was ever compacted.",
  ],
  [
    'full, and nobody watched it',
    { ...incident(), past: undefined },
    'critical',
    'fix',
    "12 pods hang because Calico can't write their addresses: its etcd calico-prod is over its quota (since when is not known); it most likely filled because CronJobs report, cleanup and sync start 900 pods an hour and nothing was ever compacted.",
  ],
  [
    'full, and CronJobs may not be read',
    withFact(incident(), 'cron-jobs', NO_CRONS),
    'critical',
    'fix',
    "12 pods hang because Calico can't write their addresses: its etcd calico-prod is over its quota since 02:25 UTC, for 35 min; it filled because nothing was ever compacted; who fills it is not known: CronJobs could not be read (Our role may not list cronjobs.batch at k8s:6443).",
  ],
  [
    'full, and CronJobs start few pods',
    incident({ 'cron-jobs': paces(['report', 12]) }),
    'critical',
    'fix',
    "12 pods hang because Calico can't write their addresses: its etcd calico-prod is over its quota since 02:25 UTC, for 35 min; it filled because nothing was ever compacted; who fills it is not known: CronJobs start only 12 pods an hour; `/etcd churn` shows who writes.",
  ],
  [
    'full of what is alive',
    withEveryMetrics(incident(), { liveKeys: 4_000_000 }),
    'critical',
    'fix',
    "12 pods hang because Calico can't write their addresses: its etcd calico-prod is over its quota since 02:25 UTC, for 35 min; it holds more live data than history.",
  ],
  [
    'full, and the metrics do not say how far it is compacted',
    withEveryMetrics(incident(), { compactRevision: null }),
    'critical',
    'fix',
    "12 pods hang because Calico can't write their addresses: its etcd calico-prod is over its quota since 02:25 UTC, for 35 min; it most likely filled because CronJobs report, cleanup and sync start 900 pods an hour (no member says how far it is compacted).",
  ],
  [
    'full, with other causes among them',
    incident({
      pods: hangingPods([
        ...TWELVE,
        ...many(2, IMAGE),
        hangingPod({ cause: 'pool-exhausted', words: POOL_WORDS }),
      ]),
    }),
    'critical',
    'fix',
    "12 pods hang because Calico can't write their addresses: its etcd calico-prod is over its quota since 02:25 UTC, for 35 min; it most likely filled because CronJobs report, cleanup and sync start 900 pods an hour and nothing was ever compacted. Another 3 pods hang for something else: 2 image, 1 no address left.",
  ],
  [
    'full, and only other causes',
    incident({ pods: hangingPods([...many(3, IMAGE), ...many(2, { cause: 'scheduling', node: null })]) }),
    'warning',
    null,
    '5 pods hang, none for an address that etcd refused: 3 image, 2 scheduling. calico-prod is full all the same: that is another trouble.',
  ],
  [
    'full, and events may not be read',
    incident({
      pods: hangingPods(many(12, { cause: 'unknown', confidence: 'likely', words: null }), {
        withEvents: false,
        blindBecause: 'Our role may not list events.',
      }),
    }),
    'warning',
    'fix',
    '12 pods hang; why is not known: their events could not be read (Our role may not list events). calico-prod is full (NOSPACE on m1), and pods get no address from a full etcd: that is likely the reason, and not proven. By their own state: 12 reason not told.',
  ],
  [
    'a healthy etcd that was not tried is not blamed',
    well(many(3, LIKELY)),
    'warning',
    null,
    '3 pods wait for an address, and calico-prod shows no reason for it: no NOSPACE alarm; no write was tried. Their words fit a refused address, and other troubles of the network plugin too.',
  ],
  [
    'an etcd that takes writes is not blamed',
    withWriteProbe(well(many(3, LIKELY)), true),
    'warning',
    null,
    '3 pods wait for an address, and calico-prod is not the reason: a test write was accepted in 12 ms. Their words fit a refused address, and other troubles of the network plugin too.',
  ],
  [
    'an etcd that was full until lately',
    well(many(3, LIKELY), { fullSince: null, compactedAt: null, fullUntil: NOW - 4 * MINUTE }),
    'warning',
    'restart-pods',
    '3 pods still hang for a refused address, but calico-prod is not full now (no NOSPACE alarm; no write was tried). It was full until 02:56 UTC, and they were refused an address then. Their kubelets try again by themselves, within minutes.',
  ],
  [
    'an etcd that is well, and words that name one that is not',
    well(many(3)),
    'warning',
    'restart-pods',
    '3 pods still hang for a refused address, but calico-prod is not full now (no NOSPACE alarm; no write was tried). Their words say that an etcd refused a write; that it was this one is not known. The last refusal is 1 min old: if more come, another etcd is the one that refuses. Their kubelets try again by themselves, within minutes.',
  ],
  [
    'alarms may not be read',
    withFact(well(many(3)), 'alarms', unknown('timeout', 'no answer within 1.5 s')),
    'warning',
    null,
    '3 pods wait for an address; whether calico-prod refuses it is not known: the alarms could not be read (no answer within 1.5 s).',
  ],
  [
    'a test write was refused for space, without an alarm',
    withWriteProbe(well(many(3)), false, 'etcdserver: mvcc: database space exceeded'),
    'critical',
    'fix',
    "3 pods hang because Calico can't write their addresses: its etcd calico-prod is over its quota (since when is not known); it holds more live data than history.",
  ],
  [
    'no leader',
    withEveryStatus(well(many(3)), { leaderId: '0' }),
    'critical',
    null,
    '3 pods wait for an address, and calico-prod refuses writes: no member knows a leader. It is not for want of room, so the fix does not help.',
  ],
  [
    'a corrupt member',
    withAlarms(well(many(3)), [{ memberId: '0', kind: 'CORRUPT' }]),
    'critical',
    null,
    '3 pods wait for an address, and calico-prod refuses writes: CORRUPT on an unnamed member. It is not for want of room, so the fix does not help.',
  ],
  [
    'the pool is exhausted: etcd has no part in it',
    well(many(4, { cause: 'pool-exhausted', words: POOL_WORDS })),
    'warning',
    null,
    '4 pods hang, none for an address that etcd refused: 4 no address left.',
  ],
];

describe('pods that hang and their etcd, joined', () => {
  it.each(CASES)('%s', (_case, snapshot, severity, runbook, story) => {
    expect(joined(snapshot)).toMatchObject({ severity, runbook, story });
  });

  it.each(CASES)('%s: in a short summary, and with what it rests on', (_case, snapshot) => {
    const { summary, advice, evidence = [] } = joined(snapshot)!;
    expect(summary.length).toBeLessThanOrEqual(160);
    expect(advice).toMatch(/^[A-Z].*[^.]$/);
    expect(evidence.length).toBeGreaterThan(0);
    for (const line of evidence) expect(line).toMatch(/^(Certain: |Likely: |Not known: |Its words).*[^.]$/);
  });

  it('rests on evidence, each part with its confidence', () => {
    expect(joined(compactedOnce(incident()))?.evidence).toEqual([
      'Certain: shop/web-1 hangs on node-2 for 35 min',
      'Its words name it, 1 min ago: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "4f1c": plugin type="calico" failed (add): etcdserver: mvcc: database space exceeded',
      'Certain: NOSPACE on m1',
      'Certain: 4 812 490 revisions since the last compaction for 21 480 live keys'.replaceAll(
        /(?<=\d) (?=\d)/g,
        '\u202f',
      ),
      'Likely: Pods an hour, counted from their Jobs of the last hour: batch/report 360, batch/cleanup 300, batch/sync 240',
    ]);
  });

  it('points to the parts of Calico where etcd is well', () => {
    const parts = { node: calicoNode({ ready: 1, desired: 2 }), controllers: null };
    const snapshot = withKubernetes(healthy(), { pods: hangingPods(many(1, LIKELY)), 'calico-parts': parts });
    const found = joined(snapshot);
    expect(found?.evidence).toContain('Certain: calico-node is ready on 1 of 2');
    expect(found?.advice).toBe(
      'Read the log of calico-node on node-2 and /var/log/calico/cni/cni.log there, and see the pools: `/etcd calico`',
    );
  });

  it('says nothing where the pods were not read, and little where none hangs', () => {
    expect(joined(healthy())).toBeNull();
    expect(joined(withKubernetes(full(healthy())))).toEqual({
      severity: 'ok',
      summary: 'No pod hangs',
    });
  });

  it('says a day where it is not today', () => {
    const since = (fullSince: number) => joined(incident({}, { fullSince, compactedAt: null }))?.story;
    expect(since(NOW - 5 * HOUR)).toContain('since Monday 22:00 UTC, for 5 h;');
    expect(since(NOW - 9 * DAY)).toContain('since 2026-03-01, for 9 days;');
  });
});
