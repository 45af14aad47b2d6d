import { describe, expect, it } from '@jest/globals';
import type { TargetErrorCode } from '../../src/domain/errors.js';
import type { Evidence } from '../../src/domain/operation.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import defragment from '../../src/steps/defragment.js';
import {
  full,
  GIB,
  healthy,
  IDS,
  MIB,
  onVersion,
  withEveryStatus,
  withMetrics,
  withoutMetrics,
  withoutStatus,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { stage } from './context.js';

const incident = full(healthy());
const STARTED = 1_700_000_000_000;
const BEFORE: Evidence = {
  member: IDS[1]!,
  sizeBytes: 2 * GIB,
  defragmentations: 3,
  processStartedAt: STARTED,
};

function of(member: number, ...looks: Snapshot[]) {
  return stage<'defragment'>({ kind: 'defragment', memberId: IDS[member - 1]! }, { looks });
}

/** m2 as it answers after the act. */
function after(sizeBytes: number, metrics: Parameters<typeof withMetrics>[2] = {}): Snapshot {
  const same = { defragmentations: 3, processStartedAt: STARTED, ...metrics };
  return withMetrics(withStatus(incident, 'm2', { sizeBytes }), 'm2', same);
}

describe('before a defragmentation', () => {
  it('writes down the size, the counter and the process that it belongs to', async () => {
    const look = withMetrics(incident, 'm2', { defragmentations: 3, processStartedAt: STARTED });
    expect(await defragment.precondition(of(2, look).context)).toEqual({
      go: 'act',
      evidence: { ...BEFORE, sizeBytes: 2 * GIB + 4096 },
    });
  });

  it('can do without metrics', async () => {
    const ready = await defragment.precondition(of(2, withoutMetrics(incident, 'm2')).context);
    expect(ready).toMatchObject({ go: 'act', evidence: { defragmentations: null, processStartedAt: null } });
  });

  it.each<[string, number, Snapshot, RegExp]>([
    ['another member is down', 2, withUnreachable(incident, 'm3'), /m3/],
    ['the member itself does not answer', 2, withoutStatus(incident, 'm2'), /m2/],
    ['it is a learner', 2, withStatus(incident, 'm2', { learner: true }), /m2 is a learner/],
    ['it leads', 1, incident, /m1 leads the cluster again/],
    [
      'a member was moved to a version that it may corrupt',
      2,
      withStatus(incident, 'm3', { version: '3.5.4' }),
      /m3 runs etcd 3\.5\.4/,
    ],
    ['it leads again', 2, withEveryStatus(incident, { leaderId: IDS[1]! }), /m2 leads the cluster again/],
  ])('stops where %s', async (_cause, member, look, words) => {
    const ready = await defragment.precondition(of(member, look).context);
    expect(ready).toMatchObject({ go: 'stop', because: expect.stringMatching(words) });
  });

  it.each<[string, Snapshot, RegExp]>([
    ['somebody else defragments', withMetrics(incident, 'm3', { defragmenting: true }), /m3 .*somebody else/],
    [
      'somebody else defragments, so that Status hangs',
      withMetrics(withoutStatus(incident, 'm3'), 'm3', { defragmenting: true }),
      /m3 .*somebody else/,
    ],
    ['another member is more than 1000 entries behind', behind(1001), /m3 is 1\u202f001 entries behind/],
    ['a member has much to apply', withStatus(incident, 'm3', { appliedIndex: 1_390_000 }), /still to apply/],
    [
      'it leads since a moment ago, and another one can come first',
      withEveryStatus(incident, { leaderId: IDS[1]! }),
      /m2 leads since a moment ago/,
    ],
    ['nobody leads', withEveryStatus(incident, { leaderId: '0' }), /no leader/],
    ['they name different leaders', withStatus(incident, 'm3', { leaderId: IDS[1]! }), /different leaders/],
  ])('waits where %s', async (_cause, look, words) => {
    const act = { kind: 'defragment', memberId: IDS[1]! } as const;
    const { context } = stage<'defragment'>(act, { looks: [look], toDefragment: ['m2', 'm3'] });
    const ready = await defragment.precondition(context);
    expect(ready).toMatchObject({ go: 'wait', because: expect.stringMatching(words) });
  });

  it('stops for what does not pass, also where another member has to catch up', async () => {
    expect(await defragment.precondition(of(1, behind(1001)).context)).toMatchObject({ go: 'stop' });
  });

  it('goes on where the others are just caught up', async () => {
    expect(await defragment.precondition(of(2, behind(1000)).context)).toMatchObject({ go: 'act' });
  });

  it('leaves out a member that has nothing to give back, as one that was done before a crash', async () => {
    const done = withStatus(incident, 'm2', { sizeBytes: 300 * MIB, inUseBytes: 299 * MIB });
    expect(await defragment.precondition(of(2, done).context)).toMatchObject({ go: 'skip' });
    const fragmented = withStatus(incident, 'm2', { sizeBytes: 300 * MIB, inUseBytes: 100 * MIB });
    expect(await defragment.precondition(of(2, fragmented).context)).toMatchObject({ go: 'act' });
    const unsaid = withStatus(incident, 'm2', { sizeBytes: 300 * MIB, inUseBytes: null });
    expect(await defragment.precondition(of(2, unsaid).context)).toMatchObject({ go: 'act' });
  });

  it('takes a member that has nothing to give back where that is approved', async () => {
    const done = withStatus(incident, 'm2', { sizeBytes: 300 * MIB, inUseBytes: 299 * MIB });
    const act = { kind: 'defragment', memberId: IDS[1]!, evenIfCompact: true } as const;
    const { context } = stage<'defragment'>(act, { looks: [done] });
    expect(await defragment.precondition(context)).toMatchObject({ go: 'act' });
  });

  it('takes a leader where everybody stands still anyway', async () => {
    const { context } = of(1, incident);
    const still = { ...context, plan: { ...context.plan, standstill: 'all clients stand still' } };
    expect(await defragment.precondition(still)).toMatchObject({ go: 'act' });
  });

  function behind(entries: number): Snapshot {
    return withStatus(incident, 'm3', {
      appliedIndex: 1_398_210 - entries,
      raftIndex: 1_398_210 - entries,
    });
  }
});

describe('the defragmentation', () => {
  it('reaches exactly one member, once', async () => {
    const { context, calls } = of(3, incident);
    await defragment.act(context, {});
    expect(calls).toEqual(['m3 defragment']);
  });

  it.each<[string, Snapshot, TargetErrorCode]>([
    ['falls silent', withoutStatus(incident, 'm3'), 'unreachable'],
    ['takes the lead', withEveryStatus(incident, { leaderId: IDS[2]! }), 'no-leader'],
  ])('is not sent to a member that %s just before', async (_what, look, code) => {
    const { context, calls } = of(3, look);
    await expect(defragment.act(context, {})).rejects.toMatchObject({ name: 'TargetError', code });
    expect(calls).toEqual([]);
  });
});

describe('after a defragmentation', () => {
  it.each<[string, Snapshot, string, RegExp]>([
    ['it was counted', after(300 * MIB, { defragmentations: 4 }), 'done', /m2: 2 GiB → 300 MiB/],
    [
      'it was counted though nothing came of it',
      after(2 * GIB, { defragmentations: 4 }),
      'done',
      /2 GiB → 2 GiB/,
    ],
    ['it was not counted', after(2 * GIB), 'not-done', /no defragmentation since/],
    ['it was not counted, whatever the size', after(300 * MIB), 'not-done', /no defragmentation since/],
    ['another process counts, and the size fell', after(300 * MIB, reborn(1)), 'done', /by its size/],
    ['another process counts, and the size did not fall', after(2 * GIB, reborn(9)), 'unclear', /restarted/],
    [
      'another process has counted none, and the size did not fall',
      after(2 * GIB, reborn(0)),
      'not-done',
      /restarted since/,
    ],
    ['metrics are gone, and the size fell', withoutMetrics(after(300 * MIB), 'm2'), 'done', /by its size/],
    ['metrics are gone, and the size did not', withoutMetrics(after(2 * GIB), 'm2'), 'unclear', /no metrics/],
    ['it does not answer', withUnreachable(incident, 'm2'), 'unclear', /m2 does not answer/],
    ['its Status hangs while it works', hanging(true), 'running', /still being defragmented/],
    ['its Status hangs, and it does not work', hanging(false), 'unclear', /does not answer/],
    ['it still has to catch up', late(1001), 'running', /1\u202f001 entries to catch up/],
    ['it has nearly caught up', late(1000), 'done', /./],
  ])('says what reading shows: %s', async (_what, look, seen, words) => {
    const effect = await defragment.effect(of(2, look).context, BEFORE, true);
    expect(effect).toMatchObject({ seen });
    expect('result' in effect ? effect.result : effect.because).toMatch(words);
  });

  it('knows a member at work also where its endpoint is a name that it does not advertise', async () => {
    const text = JSON.stringify(hanging(true)).replaceAll(
      '"clientUrls":["https://10.0.0.2',
      '"clientUrls":["https://m2.etcd',
    );
    const effect = await defragment.effect(of(2, JSON.parse(text) as Snapshot).context, BEFORE, false);
    expect(effect).toMatchObject({ seen: 'running' });
  });

  it('goes by the size on a version that counts nothing', async () => {
    const old = onVersion(after(300 * MIB), '3.2.18');
    const evidence = { ...BEFORE, defragmentations: null };
    expect(await defragment.effect(of(2, old).context, evidence, true)).toMatchObject({ seen: 'done' });
  });

  function reborn(defragmentations: number) {
    return { defragmentations, processStartedAt: STARTED + 5000 };
  }

  function hanging(defragmenting: boolean): Snapshot {
    return withMetrics(withoutStatus(incident, 'm2'), 'm2', { defragmenting });
  }

  function late(entries: number): Snapshot {
    const index = { raftIndex: 1_398_210 - entries, appliedIndex: 1_398_210 - entries };
    return withStatus(after(300 * MIB, { defragmentations: 4 }), 'm2', index);
  }
});
