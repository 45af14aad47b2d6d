import { afterEach, describe, expect, it } from '@jest/globals';
import { alarmsOf, defragmentations } from '../e2e/truth.js';
import { disarmAll, raiseCorrupt } from './etcd-by-hand.js';
import { fillFast } from './live-data.js';
import { aFaultStage } from './stage.js';

describe.each(['3.4', '3.5'] as const)('When CORRUPT is raised in a full etcd %s', (version) => {
  const stage = aFaultStage({ version });
  const corrupt = (): Promise<void> => raiseCorrupt(stage.etcd, 'm2');

  afterEach(() => disarmAll(stage.etcd));

  it('between approval and start, nothing is touched, and nothing can be proposed', async () => {
    await fillFast(stage.etcd);
    const proposed = await stage.propose('fix');
    await stage.approve(proposed);
    await corrupt();
    const { state, conclusion } = await stage.execute(proposed);
    expect(state).toBe('stale');
    expect(conclusion?.summary).toMatch(
      /^The plan no longer fits: A CORRUPT alarm is armed.*Nothing was touched\.$/,
    );
    expect(stage.sent).toEqual([]);
    await expect(stage.propose('fix')).rejects.toThrow('CORRUPT');
    await isStillArmed();
  });

  it('between two steps, nothing further is begun, and it is never disarmed', async () => {
    await fillFast(stage.etcd);
    const before = await defragmentations(stage.etcd);
    stage.when({ at: 'answered', kind: 'compact' }, corrupt);
    const { state, conclusion } = await stage.carryOut('fix');
    expect(state).toBe('failed');
    expect(conclusion?.summary).toMatch(/A CORRUPT alarm is armed.* The 6 steps after it were not begun\.$/);
    expect(conclusion?.next.join(' ')).toContain('Never disarm CORRUPT first');
    expect(conclusion?.clusterNow).toMatch(/CORRUPT on m2/);
    expect(stage.sent.map((line) => line.slice(3))).toEqual(['compact']);
    expect(await defragmentations(stage.etcd)).toEqual(before);
    await isStillArmed();
  });

  it.each(['asked', 'begun'] as const)('before NOSPACE is disarmed (%s), both stay armed', async (at) => {
    await fillFast(stage.etcd);
    stage.when({ at, kind: 'disarm' }, corrupt);
    const { state, conclusion } = await stage.carryOut('fix');
    expect(state).toBe('failed');
    expect(conclusion?.summary).toMatch(/^Stopped at “Disarm NOSPACE.*A CORRUPT alarm is armed/);
    expect(stage.sent.join()).not.toContain('disarm');
    await isStillArmed();
  });

  /** Beside NOSPACE, on the member that it was raised for; and nobody holds the cluster. */
  async function isStillArmed(): Promise<void> {
    const alarms = await alarmsOf(stage.etcd);
    expect(alarms.filter((line) => line.includes('CORRUPT'))).toHaveLength(1);
    expect(alarms.filter((line) => line.includes('NOSPACE')).length).toBeGreaterThan(0);
    expect(await stage.holder()).toBeNull();
  }
});
