import { describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import { alarmsOf, defragmentations } from '../e2e/truth.js';
import { fillFast, fillTo } from './live-data.js';
import { aFaultStage } from './stage.js';

/** One story, told in the order of its titles: the cluster is full again after each of them. */
describe('When a client writes until the quota is reached in the middle of a run', () => {
  const stage = aFaultStage();
  const fill = (): Promise<void> => fillFast(stage.etcd);
  const disarms = (): number => stage.sent.filter((line) => line.includes('disarm')).length;

  it('after the compaction, the gate stops it behind the first member', async () => {
    await fillTo(stage.etcd, 0.85);
    // Small values leave no gaps between them that a defragmentation could give back.
    const fillTightly = { keys: 20, valueBytes: 20_000 };
    stage.when({ at: 'asked', kind: 'defragment' }, async () => {
      await fillUntilFull(stage.etcd.endpoints, fillTightly);
    });
    const { state, conclusion, before } = await stage.carryOut('fix');
    expect(before?.alarms).toEqual([]);
    expect(state).toBe('failed');
    expect(conclusion?.summary).toMatch(
      /^Stopped at “Go on only .*: m\d is still at \d+ % of its quota.* The 5 steps after it were not begun\.$/,
    );
    expect(conclusion?.clusterNow).toMatch(/^NOSPACE on m\d.*: etcd refuses every write\./);
    expect((await defragmentations(stage.etcd)).toSorted()).toEqual([0, 0, 1]);
    expect(await alarmsOf(stage.etcd)).not.toEqual([]);
    expect(await stage.holder()).toBeNull();
  });

  it('right after the alarm was disarmed, it is not disarmed once more', async () => {
    stage.when({ at: 'answered', kind: 'disarm' }, async () => {
      stage.hurry(10);
      await fill();
    });
    const { state, conclusion, before } = await stage.carryOut('fix');
    expect(state).toBe('failed');
    expect(conclusion?.summary).toMatch(/^Stopped at “Disarm NOSPACE.*: \d NOSPACE alarm\(s\) still armed/);
    expect(conclusion?.clusterNow).toMatch(/^NOSPACE on m\d/);
    expect(disarms()).toBe(before?.alarms?.length);
    expect(await alarmsOf(stage.etcd)).not.toEqual([]);
  });

  it('before the test write, that write says so, and there is no success', async () => {
    stage.when({ at: 'asked', kind: 'write-probe' }, fill);
    const { state, conclusion, watch } = await stage.carryOut('fix');
    expect(state).toBe('failed');
    expect(conclusion?.summary).toMatch(
      /^Stopped at “Prove that a write goes through”: .*database space exceeded/,
    );
    expect(conclusion?.clusterNow).toMatch(/^NOSPACE on m\d/);
    expect(watch).toBeUndefined();
  });

  it('after its end, the card says that the alarm was raised again, and nobody disarms it', async () => {
    const ended = await stage.carryOut('fix');
    expect(ended).toMatchObject({ state: 'succeeded', watch: { state: 'watching' } });
    await stage.watch(ended);
    expect((await stage.now(ended)).watch?.state).toBe('watching');
    const sent = stage.sent.length;
    await fill();
    await stage.watch(ended);
    await stage.sweep();
    const { state, watch } = await stage.now(ended);
    expect(state).toBe('succeeded');
    expect(watch).toMatchObject({
      state: 'reraised',
      note: expect.stringContaining('NOSPACE was raised again'),
    });
    expect(stage.sent).toHaveLength(sent);
    expect(await alarmsOf(stage.etcd)).not.toEqual([]);
  });

  it('before a disarming that nothing needed at first, that is refused while a member is full', async () => {
    expect(await stage.carryOut('fix')).toMatchObject({ state: 'succeeded' });
    await fillTo(stage.etcd, 0.85);
    const sent = stage.sent.length;
    stage.when({ at: 'asked', kind: 'disarm' }, fill);
    const { state, conclusion, before } = await stage.carryOut('fix');
    expect(before?.alarms).toEqual([]);
    expect(state).toBe('failed');
    expect(conclusion?.summary).toMatch(/^Stopped at “Disarm NOSPACE.*: m\d is still at \d+ % of its quota/);
    expect(stage.sent.slice(sent).join()).not.toContain('disarm');
    expect(await alarmsOf(stage.etcd)).not.toEqual([]);
    expect(await stage.holder()).toBeNull();
  });
});
