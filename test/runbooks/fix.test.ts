import { describe, expect, it } from '@jest/globals';
import type { Plan } from '../../src/domain/plan.js';
import type { RunbookSetting } from '../../src/domain/runbook.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import fix from '../../src/runbooks/fix.js';
import {
  CLUSTER_ID,
  DAY,
  full,
  GIB,
  healthy,
  HOUR,
  IDS,
  MIB,
  NOW,
  onVersion,
  publishedAnswers3218,
  withEveryMetrics,
  withEveryStatus,
  withListed,
  withMembers,
  withMetrics,
  withoutMetrics,
  withStatus,
} from '../facts.js';
import { unknown } from '../../src/domain/fact.js';
import { hashOf } from '../../src/engine/approval.js';
import { etcdPod, withKubernetes } from '../kubernetes-facts.js';
import { withFact } from '../facts.js';
import { BACKUP, outline, planned, SETTING } from './planning.js';

function plan(snapshot: Snapshot, setting: Partial<RunbookSetting> = {}): Plan {
  return planned(fix, snapshot, setting);
}

const THREE = [
  'compact',
  'defragment m2',
  'gate',
  'defragment m3',
  'move-leader',
  'defragment m1',
  'disarm',
  'write-probe',
];

describe('the plan for a full cluster', () => {
  it('compacts, defragments one follower, looks, goes on, and takes the leader last', () => {
    expect(outline(plan(full(healthy())))).toEqual(THREE);
  });

  it('backs up first where a place for backups is configured', () => {
    const made = plan(full(healthy()), { backup: BACKUP });
    expect(outline(made)).toEqual(['backup', ...THREE]);
    expect(made.steps[0]).toMatchObject(BACKUP);
    expect(made.backup).toBe(true);
    expect(made.risks.join(' ')).not.toContain('No backup');
  });

  it('says openly that there is no way back where no backup is configured', () => {
    const made = plan(full(healthy()));
    expect(made.backup).toBe(false);
    expect(made.risks[0]).toContain('No backup is configured');
  });

  it('compacts no further than the revision that every member has', () => {
    const made = plan(withStatus(full(healthy()), 'm3', { revision: 4_812_001 }));
    expect(made.steps[0]).toMatchObject({ kind: 'compact', revision: 4_812_001 });
  });

  it('defragments the fullest follower first', () => {
    const made = plan(withStatus(full(healthy()), 'm3', { sizeBytes: 3 * GIB }));
    expect(outline(made).slice(1, 4)).toEqual(['defragment m3', 'gate', 'defragment m2']);
  });

  it('names every member by name and id, the leader’s last', () => {
    const made = plan(full(healthy()));
    expect(made.members).toEqual(['m1', 'm2', 'm3'].map((name, index) => ({ id: IDS[index], name })));
    expect(made.clusterId).toBe(CLUSTER_ID);
    expect(made.steps.map(({ label }) => label)[5]).toMatch(/^Defragment m1, 2/);
    expect(new Set(made.steps.map(({ id }) => id)).size).toBe(made.steps.length);
  });

  it('stops where the first member is still at 90 % of its quota, and disarms only under it', () => {
    const made = plan(full(healthy()));
    expect(made.steps[2]).toMatchObject({ condition: 'below-quota-share', share: 0.9 });
    expect(made.steps[6]).toMatchObject({ kind: 'disarm', alarm: 'NOSPACE', belowShare: 0.9 });
  });

  it('takes five members in the same manner', () => {
    const made = plan(full(withMembers(5)));
    expect(outline(made).filter((step) => step.startsWith('defragment'))).toEqual(
      ['m2', 'm3', 'm4', 'm5', 'm1'].map((name) => `defragment ${name}`),
    );
    expect(outline(made).indexOf('move-leader')).toBe(outline(made).indexOf('defragment m1') - 1);
  });

  it('leaves a learner out, and says so', () => {
    const snapshot = withStatus(full(healthy()), 'm3', { learner: true });
    const made = plan(snapshot);
    expect(outline(made).filter((step) => step.startsWith('defragment'))).toEqual([
      'defragment m2',
      'defragment m1',
    ]);
    expect(made.risks.join(' ')).toContain('m3 is a learner and is left out');
    expect(made.standstill).not.toBeNull();
  });

  it('does not mind a learner that no endpoint leads to', () => {
    expect(outline(plan(withListed(full(healthy()), { name: 'm4', learner: true })))).toEqual(THREE);
  });
});

describe('what everybody has to stand still for', () => {
  it.each([
    ['three members', full(healthy()), null],
    ['two members', full(withMembers(2)), /^all clients stand still for about \d+ s$/],
    ['one member', full(withMembers(1)), /^all clients stand still for about \d+ s$/],
    ['etcd 3.2, which can’t move its leader', publishedAnswers3218(full(healthy())), /stand still/],
    ['etcd 3.3, which can', onVersion(full(healthy()), '3.3.25'), null],
  ])('with %s', (_case, snapshot, words) => {
    const { standstill, steps } = plan(snapshot);
    if (words === null) expect(standstill).toBeNull();
    else expect(standstill).toMatch(words);
    expect(steps.some(({ kind }) => kind === 'move-leader')).toBe(words === null);
  });

  it.each([
    [1, ['compact', 'defragment m1', 'gate', 'disarm', 'write-probe']],
    [2, ['compact', 'defragment m2', 'gate', 'defragment m1', 'disarm', 'write-probe']],
  ])('keeps the order of the acts with %d members', (count, acts) => {
    expect(outline(plan(full(withMembers(count))))).toEqual(acts);
  });
});

describe('what it says beforehand', () => {
  it('gives the bytes back as a range, with what it rests on', () => {
    const { lowBytes, highBytes, basis } = plan(full(healthy())).expected.bytesBack;
    expect(lowBytes).toBeGreaterThan(2 * GIB);
    expect(highBytes).toBeGreaterThan(lowBytes);
    expect(highBytes).toBeLessThan(3 * (2 * GIB + 4096));
    expect(basis).toBe(
      '21\u202f480 live keys against 4\u202f812\u202f990 revisions since the last compaction',
    );
  });

  it('gives the widest range, and says so, where history could not be read', () => {
    const blind = withEveryMetrics(full(healthy()), { compactRevision: null });
    const { lowBytes, highBytes, basis } = plan(blind).expected.bytesBack;
    expect(highBytes).toBe(3 * (2 * GIB + 4096));
    expect(lowBytes).toBeLessThan(0.1 * GIB * 3);
    expect(basis).toContain('could not be read');
  });

  it('gives a pause for each member, in the order of the acts', () => {
    const { pauses } = plan(full(healthy())).expected;
    expect(pauses.map(({ name }) => name)).toEqual(['m2', 'm3', 'm1']);
    expect(pauses.every(({ pauseMs }) => pauseMs >= 1000 && pauseMs < 60_000)).toBe(true);
  });

  it.each([
    ['watchers that have to list again', full(healthy()), 'Watchers'],
    ['free disk that nobody knows', full(healthy()), '(2.2 GiB on each member) free beside the database'],
    ['how many watchers are behind', slowWatchers(3), '3 of 120 watchers are behind now.'],
    ['that one watcher is behind', slowWatchers(1), '1 of 120 watchers is behind now.'],
    ['that no watcher is behind', full(healthy()), 'none of 120 watchers is behind now.'],
    ['the leases of the leader', full(healthy()), 'The leader looks after at least 412 leases; moving'],
    ['leases that nobody renews', full(withMembers(2)), 'while it stands still nobody renews them'],
    ['a cluster of two', full(withMembers(2)), 'With two members the loss of either stops the cluster.'],
    ['a cluster of one', full(withMembers(1)), 'With one member everything stops'],
    [
      'a version that can corrupt its data',
      onVersion(full(healthy()), '3.4.3'),
      'm2 runs etcd 3.4.3: a defrag',
    ],
    ['a quota that is guessed', withEveryMetrics(full(healthy()), { quotaBytes: null }), 'assumed'],
    ['metrics that are missing', withoutMetrics(full(healthy()), 'm2'), 'Some metrics could not be read'],
  ])('names as a risk %s', (_case, snapshot, words) => {
    expect(plan(snapshot).risks.join('\n')).toContain(words);
  });

  it('gives the same acts for a person with a terminal, and moves the leader away from the leader', () => {
    const lines = plan(full(healthy()), { backup: BACKUP, etcdctlFlags: ['--cacert=/ca.crt'] }).byHand;
    const words = lines.slice(2, -1).map((line) => line.replace(/^etcdctl .*:2379 --cacert=\/ca.crt /, ''));
    expect(words).toEqual([
      'snapshot save /var/lib/steward/backups/backup.db',
      'compact 4812990 --physical',
      'defrag --command-timeout=10m',
      'defrag --command-timeout=10m',
      `move-leader ${BigInt(IDS[1]!).toString(16)}`,
      'defrag --command-timeout=10m',
      expect.stringContaining('alarm disarm'),
      'put /etcd-steward/probe ok',
    ]);
  });
});

const tiny = withEveryStatus(healthy(), { sizeBytes: 20 * MIB, inUseBytes: MIB });

describe('when it is worth it without an alarm', () => {
  it.each([
    ['a member is at 80 % of its quota', withStatus(healthy(), 'm2', { sizeBytes: 0.8 * 2 * GIB }), true],
    ['more than half of a member is free', withEveryStatus(healthy(), { inUseBytes: 300 * MIB }), true],
    ['a small member is mostly free', tiny, false],
    ['all is well', healthy(), false],
  ])('%s', (_case, snapshot, worth) => {
    expect(fix.plan(snapshot, SETTING).ok).toBe(worth);
  });
});

describe('what an approver has to know besides', () => {
  it('is the revision that is reached, and that it is the newest', () => {
    expect(plan(full(healthy())).reaches).toBe('Revision 4\u202f812\u202f990, the newest now');
  });

  it.each([
    [{ backup: null, lastBackupAt: null }, 'I know of no backup of this cluster.'],
    [{ backup: null, lastBackupAt: NOW - 3 * HOUR }, 'The last backup by me is 3 h old.'],
    [
      { backup: BACKUP, lastBackupAt: NOW - HOUR },
      'The last backup by me is 1 h old. A backup is taken first.',
    ],
  ])('is the last backup: %j', (setting, words) => {
    expect(plan(full(healthy()), setting).lastBackup).toBe(words);
  });

  it('is what each member gives back, in the order of the acts, and all of them together', () => {
    const { bytesBack, bytesByMember } = plan(full(healthy())).expected;
    expect(bytesByMember.map(({ name }) => name)).toEqual(['m2', 'm3', 'm1']);
    expect(bytesByMember.reduce((sum, { highBytes }) => sum + highBytes, 0)).toBe(bytesBack.highBytes);
  });

  it.each([
    ['writes stay refused', full(healthy()), 'writes stay refused until a later try succeeds.'],
    ['what is done stays done', withEveryStatus(healthy(), { sizeBytes: 1.9 * GIB }), 'stay done.'],
  ])('is what a failure leaves behind: %s', (_what, snapshot, words) => {
    const { onFailure } = plan(snapshot);
    expect(onFailure).toMatch(/^If a step fails, the rest is not begun, nothing is undone or repeated/);
    expect(onFailure).toContain(words);
  });

  it('is how to keep it from coming back', () => {
    expect(plan(full(healthy())).prevention).toEqual([
      expect.stringContaining('`--auto-compaction-mode=periodic'),
      expect.stringContaining('short CronJobs'),
    ]);
  });
});

it('A plan knows by which readings an act of it would show', () => {
  const snapshot = withMetrics(full(healthy()), 'm2', { defragmentations: 4 });
  expect(plan(withoutMetrics(snapshot, 'm3')).baseline).toEqual({
    term: 7,
    leaderId: IDS[0],
    members: [
      { id: IDS[0], defragmentations: 0, processStartedAt: NOW - 40 * DAY },
      { id: IDS[1], defragmentations: 4, processStartedAt: NOW - 40 * DAY },
      { id: IDS[2], defragmentations: null, processStartedAt: null },
    ],
  });
});

/** Behind on m3. */
function slowWatchers(count: number): Snapshot {
  return withMetrics(full(healthy()), 'm3', { slowWatchers: count });
}

describe('what is known of Kubernetes', () => {
  const plain = full(healthy());
  const bare = withKubernetes(plain, { 'etcd-pods': [etcdPod({ flags: {} })] });

  it('changes the advice alone: the same steps, the same hash', () => {
    const [without, known] = [plan(plain), plan(bare)];
    expect(known.prevention.length).toBeGreaterThan(without.prevention.length);
    expect({ ...known, prevention: [] }).toEqual({ ...without, prevention: [] });
    expect(hashOf(known)).toBe(hashOf(without));
  });

  it('is not missed where it could not be read', () => {
    const blind = (['calico-parts', 'cron-jobs', 'etcd-pods'] as const).reduce(
      (snapshot, name) => withFact(snapshot, name, unknown('denied', 'not allowed')),
      plain,
    );
    expect(plan(blind)).toEqual(plan(plain));
  });
});
