import { describe, expect, it } from '@jest/globals';
import { TargetError } from '../../src/domain/errors.js';
import type { Evidence } from '../../src/domain/operation.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import compact from '../../src/steps/compact.js';
import {
  full,
  healthy,
  IDS,
  withEveryMetrics,
  withEveryStatus,
  withMetrics,
  withoutMetrics,
  withoutStatus,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { stage, type Scene } from './context.js';

const STARTED = 1_700_000_000_000;
const incident = withEveryMetrics(full(healthy()), { compactions: 7, processStartedAt: STARTED });
const EVERYBODY = ['m1', 'm2', 'm3'];

function at(revision: number, scene: Partial<Scene> = {}) {
  return stage<'compact'>({ kind: 'compact', revision }, { looks: [incident], ...scene });
}

async function evidenceOf(look: Snapshot): Promise<Evidence> {
  const ready = await compact.precondition(at(4_812_990, { looks: [look] }).context);
  return ready.go === 'act' ? ready.evidence : {};
}

describe('before a compaction', () => {
  it('counts what each member has compacted so far', async () => {
    const evidence = await evidenceOf(withMetrics(incident, 'm2', { compactions: 9 }));
    expect(IDS.slice(0, 3).map((id) => evidence[`compactions ${id}`])).toEqual([7, 9, 7]);
  });

  it('can do without the counters of a member', async () => {
    const evidence = await evidenceOf(withoutMetrics(incident, 'm2'));
    expect(evidence[`compactions ${IDS[1]!}`]).toBeNull();
  });

  it.each<[string, number, object]>([
    ['acts where they stand below the revision', 4_812_989, { go: 'act' }],
    ['has nothing to do where they stand at it', 4_812_990, { go: 'skip' }],
  ])('goes by the metrics where keys may not be read, and %s', async (_case, compactRevision, expected) => {
    const look = withEveryMetrics(incident, { compactRevision });
    const { context } = at(4_812_990, { looks: [look], deniesKeys: true });
    expect(await compact.precondition(context)).toMatchObject(expected);
  });

  it('does not guess where neither keys nor metrics can be read', async () => {
    const { context } = at(4_812_990, { looks: [withoutMetrics(incident, 'm2')], deniesKeys: true });
    await expect(compact.precondition(context)).rejects.toThrow('permission denied');
  });

  it.each<[string, Snapshot, RegExp]>([
    ['a member has not seen the revision', withStatus(incident, 'm3', { revision: 12 }), /above the lowest/],
    ['a member is down', withUnreachable(incident, 'm3'), /m3/],
  ])('stops where %s', async (_cause, look, words) => {
    const ready = await compact.precondition(at(4_812_990, { looks: [look] }).context);
    expect(ready).toMatchObject({ go: 'stop', because: expect.stringMatching(words) });
  });

  it('waits for somebody else’s defragmentation', async () => {
    const busy = withMetrics(incident, 'm3', { defragmenting: true });
    const ready = await compact.precondition(at(4_812_990, { looks: [busy] }).context);
    expect(ready).toMatchObject({ go: 'wait', next: [expect.stringContaining('CronJob')] });
  });

  it.each([
    ['every member has compacted it already', EVERYBODY, 'skip'],
    ['one member has not', ['m1', 'm2'], 'act'],
    ['nobody has', [], 'act'],
  ])('where %s', async (_what, compacted, go) => {
    expect(await compact.precondition(at(4_812_990, { compacted }).context)).toMatchObject({ go });
  });
});

describe('the compaction', () => {
  it('goes to the leader, once', async () => {
    const { context, calls } = at(4711, { looks: [withEveryStatus(incident, { leaderId: IDS[2]! })] });
    await compact.act(context, {});
    expect(calls).toEqual(['m3 compact 4711']);
  });

  it('is content where somebody else’s compactor was faster', async () => {
    const refusal = new TargetError('compacted', 'm1', 'required revision has been compacted');
    await expect(compact.act(at(4711, { refusal }).context, {})).resolves.toBeUndefined();
  });

  it('fails with etcd’s own words else', async () => {
    const refusal = new TargetError('denied', 'm1', 'permission denied');
    await expect(compact.act(at(4711, { refusal }).context, {})).rejects.toBe(refusal);
  });

  it('asks nobody where nobody leads', async () => {
    const { context, calls } = at(4711, { looks: [withEveryStatus(incident, { leaderId: '0' })] });
    await expect(compact.act(context, {})).rejects.toMatchObject({ code: 'no-leader' });
    expect(calls).toEqual([]);
  });
});

describe('after a compaction', () => {
  const counted = withEveryMetrics(incident, { compactions: 8 });

  it.each<[string, Snapshot, readonly string[], string, RegExp]>([
    ['all have counted it', counted, EVERYBODY, 'done', /all 3 members compacted up to revision 4\u202f711$/],
    ['history can still be read from one', counted, ['m1', 'm2'], 'not-done', /can still be read/],
    [
      'one has not counted it',
      withMetrics(counted, 'm2', { compactions: 7 }),
      EVERYBODY,
      'running',
      /m2 still/,
    ],
    ['one does not answer', withoutStatus(counted, 'm3'), ['m1', 'm2'], 'unclear', /not every member/],
    ['one has lost its metrics', withoutMetrics(counted, 'm3'), EVERYBODY, 'done', /by their history/],
    ['one was restarted', restarted(0), EVERYBODY, 'done', /all 3/],
  ])('says what reading shows: %s', async (_what, look, compacted, seen, words) => {
    const { context } = at(4711, { looks: [look], compacted });
    const effect = await compact.effect(context, await evidenceOf(incident), true);
    expect(effect).toMatchObject({ seen });
    expect('result' in effect ? effect.result : effect.because).toMatch(words);
  });

  it('does not wait for ever for a member that was restarted and counts as many as before', async () => {
    const never = withEveryMetrics(incident, { compactions: 0 });
    const look = withMetrics(withEveryMetrics(never, { compactions: 1 }), 'm2', {
      compactions: 0,
      processStartedAt: STARTED + 5000,
    });
    const { context } = at(4711, { looks: [look], compacted: EVERYBODY });
    expect(await compact.effect(context, await evidenceOf(never), true)).toMatchObject({ seen: 'done' });
  });

  function restarted(compactions: number): Snapshot {
    return withMetrics(counted, 'm2', { compactions, processStartedAt: STARTED + 5000 });
  }
});
