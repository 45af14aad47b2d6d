import { describe, expect, it } from '@jest/globals';
import { groundOf } from '../../../src/domain/maintenance/ground.js';
import { preventionOf } from '../../../src/domain/maintenance/prevention.js';
import type { MemberMetrics, Snapshot } from '../../../src/domain/snapshot.js';
import {
  full,
  GIB,
  healthy,
  HOUR,
  MINUTE,
  NOW,
  onVersion,
  withEveryMetrics,
  withEveryStatus,
  withoutFact,
} from '../../facts.js';
import { calicoNode, controllers, etcdPod, withKubernetes } from '../../kubernetes-facts.js';
import { SETTING } from '../../runbooks/planning.js';

function advice(snapshot: Snapshot): string {
  const ground = groundOf(snapshot, SETTING);
  if (!ground.ok) throw new Error(ground.reason);
  return preventionOf(ground.value).join('\n');
}

/** So many revisions wait, for so many live keys. */
function waiting(history: number, keys: number, metrics: Partial<MemberMetrics> = {}): Snapshot {
  const counted = { liveKeys: keys, currentRevision: 1_000_000 + history, compactRevision: 1_000_000 };
  return withoutFact(withEveryMetrics(healthy(), { ...counted, ...metrics }), 'live-keys');
}

const late = { lastCompactionAt: NOW - 3 * HOUR };

describe('etcd’s own compaction is advised', () => {
  it.each<[string, Snapshot, RegExp]>([
    ['the last one is overdue', waiting(10_000, 9000, late), /mode=periodic.*last compaction was 3 h ago/],
    ['nothing was ever compacted', never(20_000), /nothing was ever compacted/],
    [
      'it is far behind on a version that tells no time',
      onVersion(waiting(100_000, 90_000), '3.4.27'),
      /far behind/,
    ],
    [
      'it has run full of little history that outweighs the living keys',
      full(waiting(857, 20, { ...late, compactRevision: -1, currentRevision: 857, lastCompactionAt: null })),
      /nothing was ever compacted/,
    ],
    ['with the flags of its time', onVersion(never(20_000), '3.2.32'), /`--auto-compaction-retention=1`/],
  ])('where %s', (_case, snapshot, words) => {
    expect(advice(snapshot)).toMatch(words);
  });

  it.each<[string, Snapshot]>([
    ['something compacts', waiting(90_000, 80_000, { lastCompactionAt: NOW - MINUTE })],
    ['there is little history', waiting(9999, 9000, late)],
    ['history is not known', waiting(10_000, 9000, { ...late, compactRevision: null })],
    ['nobody can tell the time and history is short', onVersion(waiting(90_000, 80_000), '3.4.27')],
  ])('not where %s', (_case, snapshot) => {
    expect(advice(snapshot)).toBe('');
  });

  function never(revisions: number): Snapshot {
    const first = { currentRevision: revisions, compactRevision: -1, lastCompactionAt: null };
    return waiting(revisions, revisions, first);
  }
});

describe('whoever writes so much is looked for', () => {
  it.each([
    ['many revisions of few keys', 100_000, 10_000, true],
    ['many revisions of many keys', 100_000, 10_001, false],
    ['few revisions', 99_999, 10, false],
  ])('where there are %s', (_case, history, keys, found) => {
    expect(advice(waiting(history, keys)).includes('short CronJobs')).toBe(found);
  });
});

describe('a larger quota is advised', () => {
  const live = (bytes: number): Snapshot =>
    withEveryStatus(waiting(1000, 1000), { sizeBytes: bytes, inUseBytes: bytes });

  it.each<[string, Snapshot, RegExp]>([
    ['more than 60 % are live data', live(1.3 * GIB), /Raise `--quota-backend-bytes`.*1\.3 GiB, 65 %/],
    [
      'not above 8 GiB',
      withEveryMetrics(live(6 * GIB), { quotaBytes: 8 * GIB }),
      /^Delete what is not needed: live data is about 6 GiB, 75 % of the quota/,
    ],
  ])('where %s', (_case, snapshot, words) => {
    expect(advice(snapshot)).toMatch(words);
  });

  it.each<[string, Snapshot]>([
    ['less is live', live(1.2 * GIB)],
    ['most of it is history', withEveryMetrics(live(1.9 * GIB), { liveKeys: 100 })],
    ['there is no quota', withEveryMetrics(live(3 * GIB), { quotaBytes: -1 })],
  ])('not where %s', (_case, snapshot) => {
    expect(advice(snapshot)).toBe('');
  });
});

describe('for an installation in Kubernetes the exact lines are given', () => {
  const pace = (name: string, podsPerHour: number) => ({
    ...{ namespace: 'batch', name, schedule: '* * * * *', suspended: false },
    ...{ podsPerHour, basis: 'counted' as const },
  });

  it('for flags, for Calico’s compaction, and for the CronJobs that start most', () => {
    const off = { node: calicoNode(), controllers: controllers({ env: { COMPACTION_PERIOD: '0' } }) };
    const bare = { flags: {} };
    const snapshot = withKubernetes(healthy(), {
      'etcd-pods': [
        etcdPod(bare),
        etcdPod({ ...bare, name: 'etcd-node-2', uid: 'e2', node: 'node-2' }),
        etcdPod({
          ...bare,
          name: 'calico-etcd-x',
          uid: 'c1',
          labels: { 'k8s-app': 'calico-etcd' },
          owner: { kind: 'DaemonSet', name: 'calico-etcd', uid: 'd1' },
          flags: { 'auto-compaction-retention': '1' },
        }),
      ],
      'calico-parts': off,
      'cron-jobs': [pace('report', 360), pace('sync', 240), pace('few', 12)],
    });
    expect(advice(snapshot).split('\n')).toEqual([
      'On node-1, in /etc/kubernetes/manifests/etcd.yaml, one node after the other: add `--auto-compaction-mode=periodic --auto-compaction-retention=1h` and `--quota-backend-bytes=8589934592`',
      'On node-2, in /etc/kubernetes/manifests/etcd.yaml, one node after the other: add `--auto-compaction-mode=periodic --auto-compaction-retention=1h` and `--quota-backend-bytes=8589934592`',
      'Calico’s etcd, `kubectl -n kube-system edit daemonset calico-etcd`: add `--quota-backend-bytes=8589934592`',
      'Switch Calico’s own compaction on: `kubectl -n kube-system set env deployment/calico-kube-controllers COMPACTION_PERIOD=10m`',
      'Let CronJob batch/report run less often (360 pods an hour now, `* * * * *`), for example: `kubectl -n batch patch cronjob report -p \'{"spec":{"schedule":"*/15 * * * *","successfulJobsHistoryLimit":1}}\'`',
      'Let CronJob batch/sync run less often (240 pods an hour now, `* * * * *`), for example: `kubectl -n batch patch cronjob sync -p \'{"spec":{"schedule":"*/15 * * * *","successfulJobsHistoryLimit":1}}\'`',
    ]);
  });

  it('and none where nothing is missing', () => {
    expect(advice(withKubernetes(healthy()))).toBe('');
  });
});
