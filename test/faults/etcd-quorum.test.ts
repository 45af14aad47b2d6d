import { beforeEach, describe, expect, it } from '@jest/globals';
import { alarmsOf, isCompacted } from '../e2e/truth.js';
import { followersIn } from './etcd-by-hand.js';
import { fillFast } from './live-data.js';
import { aFaultStage, RUN_MS } from './stage.js';

describe('When two of three members of a full cluster are gone', () => {
  const stage = aFaultStage();

  beforeEach(() => fillFast(stage.etcd), RUN_MS);

  it('between two steps, the rest is not begun; once they are back, another try ends well', async () => {
    stage.when({ at: 'asked', kind: 'defragment', turn: 2 }, async () => {
      const lost = await followersIn(stage.etcd);
      await Promise.all(lost.map((member) => member.kill()));
    });
    const { state, conclusion, steps } = await stage.carryOut('fix');
    expect(state).toBe('failed');
    expect(conclusion?.summary).toMatch(
      /^Stopped at “Defragment m\d, .*Not every member answers: m\d \(.*\), m\d \(.*\)\. The 4 steps after it were not begun\.$/,
    );
    expect(conclusion?.next.join(' ')).toContain('Bring it back first');
    expect(conclusion?.clusterNow).toMatch(/NOSPACE on m\d.*m\d does not answer.*m\d does not answer/);
    expect(steps.map((record) => record.state).join(' ')).toMatch(
      /^done done done failed planned planned planned planned$/,
    );
    expect(stage.sent.map((line) => line.slice(3))).toEqual(['compact', 'defragment']);
    expect(await stage.holder()).toBeNull();
    await expect(stage.propose('fix')).rejects.toThrow('Not every member answers');
    await Promise.all(stage.etcd.members.map((member) => member.start()));
    await stage.isWell();
    expect(await stage.carryOut('fix')).toMatchObject({
      state: 'succeeded',
      conclusion: { summary: 'Writes go through again.' },
    });
    expect(await alarmsOf(stage.etcd)).toEqual([]);
  });

  it.each(['compact', 'disarm'] as const)(
    'under an act (%s), it is sent once, nothing follows, and reading says later what became of it',
    async (kind) => {
      const lost = await followersIn(stage.etcd);
      stage.when({ at: 'sending', kind }, () => {
        stage.hurry(20);
        for (const member of lost) member.pause();
      });
      const unknown = await stage.carryOut('fix');
      expect(unknown.state).toBe('unknown');
      await stage.sweep();
      expect(await stage.holder()).toBe(unknown.id);
      for (const member of lost) member.resume();
      const { state, conclusion, steps } = await stage.settle(unknown);
      expect(state).toBe('failed');
      expect(conclusion?.summary).toMatch(
        /^The end of an act was not seen\. Reading shows: .*Nothing was repeated\.$/,
      );
      const index = steps.findIndex(({ step }) => step.kind === kind);
      expect(steps.slice(index + 1).every((record) => record.state === 'planned')).toBe(true);
      expect(stage.sent.filter((line) => line.includes(` ${kind}`))).toHaveLength(1);
      const { step } = steps[0]!;
      if (steps[index]?.state === 'done' && step.kind === 'compact')
        expect(await isCompacted(stage.etcd, step.revision)).toBe(true);
      expect(await stage.holder()).toBeNull();
    },
  );
});
