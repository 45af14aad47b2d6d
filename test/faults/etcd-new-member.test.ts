import { afterEach, describe, expect, it } from '@jest/globals';
import type { LocalMember } from '../../infra/local/etcd.js';
import { defragmentations } from '../e2e/truth.js';
import { addMember, idOf, joinMember, removeMember } from './etcd-by-hand.js';
import { aFaultStage } from './stage.js';

const ALL = { all: true } as const;

describe('A member that is added', () => {
  const stage = aFaultStage({ flags: ['--strict-reconfig-check=false'] });
  const added: string[] = [];
  const add = async (kind: 'voter' | 'learner'): Promise<void> =>
    void added.push(await addMember(stage.etcd, kind));

  afterEach(async () => {
    for (const id of added.splice(0)) await removeMember(stage.etcd, id);
  });

  it('between approval and start makes the plan stale, and nothing is touched', async () => {
    const proposed = await stage.propose('defrag', ALL);
    await stage.approve(proposed);
    await add('voter');
    const { state, conclusion } = await stage.execute(proposed);
    expect({ state, ...conclusion }).toMatchObject({
      state: 'stale',
      summary: expect.stringMatching(
        /^The plan no longer fits: A member was added and never started.*\. Nothing was touched\.$/,
      ),
    });
    expect(stage.sent).toEqual([]);
    expect(await defragmentations(stage.etcd)).toEqual([0, 0, 0]);
    expect(await stage.holder()).toBeNull();
    await expect(stage.propose('defrag', ALL)).rejects.toThrow('added and never started');
  });

  it('in the middle of the run stops the rest', async () => {
    stage.when({ at: 'answered', kind: 'defragment' }, () => add('voter'));
    const { state, conclusion, steps } = await stage.carryOut('defrag', ALL);
    expect(state).toBe('failed');
    expect(conclusion?.summary).toMatch(
      /A member was added and never started.* The 3 steps after it were not begun\.$/,
    );
    expect(conclusion?.next.join()).toContain('member remove');
    expect(steps.map((record) => record.state).join(' ')).toBe('done failed planned planned planned');
    expect(stage.sent).toHaveLength(1);
    expect(await stage.holder()).toBeNull();
  });

  it('and takes part, but that nobody told us of, stops the rest as well', async () => {
    let joined: LocalMember | undefined;
    stage.when({ at: 'asked', kind: 'defragment', turn: 2 }, async () => {
      joined = await joinMember(stage.etcd, stage.directory);
    });
    const { state, conclusion } = await stage.carryOut('defrag', ALL);
    await removeMember(stage.etcd, BigInt(await idOf(stage.etcd, 'm4')).toString(16));
    await joined?.kill();
    expect(state).toBe('failed');
    expect(conclusion?.summary).toContain('m4 (no configured endpoint leads to this member)');
    expect(conclusion?.next[0]).toMatch(/^Add its client URL to the `endpoints`/);
    expect(stage.sent).toHaveLength(1);
    expect(await stage.holder()).toBeNull();
  });

  it.each(['in the middle', 'before the start'] as const)(
    'as a learner %s changes nothing: it has no vote',
    async (moment) => {
      const before = await defragmentations(stage.etcd);
      const proposed = await stage.propose('defrag', ALL);
      await stage.approve(proposed);
      if (moment === 'before the start') await add('learner');
      else stage.when({ at: 'answered', kind: 'defragment' }, () => add('learner'));
      expect(await stage.execute(proposed)).toMatchObject({ state: 'succeeded' });
      const after = await defragmentations(stage.etcd);
      expect(after.map((count, index) => count - before[index]!)).toEqual([1, 1, 1]);
    },
  );
});
