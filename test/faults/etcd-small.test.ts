import { describe, expect, it } from '@jest/globals';
import { alarmsOf, defragmentations } from '../e2e/truth.js';
import { followersIn, leaderIn } from './etcd-by-hand.js';
import { fillFast } from './live-data.js';
import { aFaultStage, type FaultStage } from './stage.js';

describe.each([1, 2])('A full cluster of so many members: %s', (members) => {
  const stage = aFaultStage({ members });

  it('is not touched before an approver has confirmed that everybody stands still, and mended then', async () => {
    await fillFast(stage.etcd);
    const proposed = await stage.propose('fix');
    expect(proposed.plan.standstill).toMatch(/^all clients stand still for about /);
    const refused = await stage.approve(proposed);
    expect(refused).toMatchObject({
      ok: false,
      reason: `The approver has to confirm that ${proposed.plan.standstill!}.`,
    });
    expect(await stage.execute(proposed)).toMatchObject({ state: 'pending', reviews: [] });
    expect(stage.sent).toEqual([]);
    const leader = (await leaderIn(stage.etcd)).name;
    expect(await stage.approve(proposed, true)).toMatchObject({ ok: true });
    const ended = await stage.execute(proposed);
    expect(ended).toMatchObject({ state: 'succeeded', conclusion: { summary: 'Writes go through again.' } });
    const defragments = stage.sent.filter((line) => line.endsWith('defragment'));
    expect(defragments.at(-1)).toBe(`${leader} defragment`);
    expect(stage.sent.join()).not.toContain('move-leader');
    expect(await defragmentations(stage.etcd)).toEqual(Array(members).fill(1));
    expect(await alarmsOf(stage.etcd)).toEqual([]);
    expect(await stage.holder()).toBeNull();
  });
});

describe('A cluster of two members whose follower dies after its turn', () => {
  const stage = aFaultStage({ members: 2 });

  it('keeps its leader as it is; once both are back, another try ends well', async () => {
    await fillFast(stage.etcd);
    const [follower] = await followersIn(stage.etcd);
    stage.when({ at: 'asked', kind: 'defragment', turn: 2 }, () => follower!.kill());
    const failed = await confirmed(stage);
    expect(failed.state).toBe('failed');
    expect(failed.conclusion?.summary).toMatch(
      new RegExp(`Not every member answers: ${follower!.name} .* The 2 steps after it were not begun\\.$`),
    );
    expect(stage.sent).not.toContain(`${(await aliveIn(stage))[0]!} defragment`);
    expect(await stage.holder()).toBeNull();
    await follower!.start();
    await stage.isWell();
    expect(await confirmed(stage)).toMatchObject({ state: 'succeeded' });
    expect(await alarmsOf(stage.etcd)).toEqual([]);
  });

  async function confirmed({ propose, approve, execute }: FaultStage) {
    const proposed = await propose('fix');
    await approve(proposed, true);
    return execute(proposed);
  }

  async function aliveIn({ etcd }: FaultStage): Promise<readonly string[]> {
    return etcd.members.flatMap(({ name, pid }) => (pid === undefined ? [] : [name]));
  }
});
