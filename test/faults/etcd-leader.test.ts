import { describe, expect, it } from '@jest/globals';
import { alarmsOf, defragmentations } from '../e2e/truth.js';
import { followersIn, leaderIn, moveLeader, nameOf } from './etcd-by-hand.js';
import { fillFast } from './live-data.js';
import { aFaultStage, type FaultStage } from './stage.js';

describe.each(['3.4', '3.5'] as const)(
  'When another member of a full etcd %s leads at the start',
  (version) => {
    const stage = aFaultStage({ version });

    it('it comes last, and the card says who leads by now', async () => {
      await fillFast(stage.etcd);
      const proposed = await stage.propose('fix');
      await stage.approve(proposed);
      const { name } = (await followersIn(stage.etcd))[0]!;
      await moveLeader(stage.etcd, name);
      const ended = await stage.execute(proposed);
      expect(ended).toMatchObject({
        state: 'succeeded',
        conclusion: { summary: 'Writes go through again.' },
      });
      expect(ended.absorbed.join()).toContain(`${name} leads now, was `);
      expect(defragmentedBy(stage).at(-1)).toBe(name);
      expect(await defragmentations(stage.etcd)).toEqual([1, 1, 1]);
      expect(await alarmsOf(stage.etcd)).toEqual([]);
      expect(await stage.holder()).toBeNull();
    });
  },
);

describe('When the leader changes in the middle of a run', () => {
  const stage = aFaultStage();

  it.each([
    ['after a step', 'answered'],
    ['right before its turn', 'asked'],
  ] as const)('%s, whoever leads by now comes last', async (_when, at) => {
    const before = await defragmentations(stage.etcd);
    const leads: string[] = [];
    stage.when({ at, kind: 'defragment' }, async (id) => {
      // The one whose turn it is; or the one whose turn is next.
      const name = at === 'asked' ? await nameOf(stage.etcd, id) : await nextAfter(id);
      leads.push(name);
      await moveLeader(stage.etcd, name);
    });
    const ended = await stage.carryOut('defrag', { all: true });
    expect(ended).toMatchObject({ state: 'succeeded' });
    expect(defragmentedBy(stage).at(-1)).toBe(leads[0]);
    expect(await moreThan(before)).toEqual([1, 1, 1]);
  });

  it.each([
    ['before its turn', 'asked'],
    ['as it is to be moved', 'begun'],
  ] as const)('by itself, to a member that is done, %s, it is not moved once more', async (_when, at) => {
    stage.when({ at, kind: 'move-leader' }, () => moveLeader(stage.etcd, defragmentedBy(stage)[0]!));
    const ended = await stage.carryOut('defrag', { all: true });
    expect(ended.state).toBe('succeeded');
    const moved = ended.steps.find(({ step }) => step.kind === 'move-leader');
    expect(moved?.state).toBe(at === 'asked' ? 'skipped' : 'done');
    expect(moved?.result).toMatch(new RegExp(`^${defragmentedBy(stage)[0]!} leads`));
    expect(stage.sent.join()).not.toContain('move-leader');
  });

  it('to a member as it is about to be defragmented, nothing is sent to it', async () => {
    const leads: string[] = [];
    stage.when({ at: 'begun', kind: 'defragment', turn: 2 }, async (id) => {
      leads.push(await nameOf(stage.etcd, id));
      await moveLeader(stage.etcd, leads[0]!);
    });
    const { state, conclusion } = await stage.carryOut('defrag', { all: true });
    expect(state).toBe('failed');
    expect(conclusion?.summary).toMatch(
      new RegExp(
        `^Stopped at “Defragment ${leads[0]!}, .*: ${leads[0]!} took the lead just before it was sent`,
      ),
    );
    expect(conclusion?.clusterNow).toMatch(/^No alarm is armed/);
    expect(stage.sent).toHaveLength(1);
    expect(stage.sent).not.toContain(`${leads[0]!} defragment`);
    expect(await stage.holder()).toBeNull();
  });

  it('back to the old one after it was moved away, that one is left alone, and another try ends well', async () => {
    const before = await defragmentations(stage.etcd);
    const old = (await leaderIn(stage.etcd)).name;
    stage.when({ at: 'asked', kind: 'defragment', turn: 1 }, () => moveLeader(stage.etcd, old));
    const options = { all: true, members: old };
    const ended = await stage.carryOut('defrag', options);
    expect(ended.state).toBe('failed');
    expect(ended.conclusion?.summary).toContain(`${old} leads the cluster again`);
    expect(defragmentedBy(stage)).toEqual([]);
    expect(await stage.holder()).toBeNull();
    expect(await stage.carryOut('defrag', options)).toMatchObject({ state: 'succeeded' });
    expect((await moreThan(before)).toSorted()).toEqual([0, 0, 1]);
  });

  async function nextAfter(memberId: string): Promise<string> {
    const done = await nameOf(stage.etcd, memberId);
    return (await followersIn(stage.etcd)).find(({ name }) => name !== done)!.name;
  }

  async function moreThan(before: readonly number[]): Promise<readonly number[]> {
    return (await defragmentations(stage.etcd)).map((count, index) => count - before[index]!);
  }
});

/** By name, in order. */
function defragmentedBy({ sent }: FaultStage): readonly string[] {
  return sent.flatMap((line) => (line.endsWith(' defragment') ? [line.split(' ')[0]!] : []));
}
