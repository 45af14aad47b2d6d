import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../../src/domain/fact.js';
import { gaugeOf, stateSentence } from '../../../src/domain/maintenance/gauge.js';
import {
  full,
  GIB,
  healthy,
  IDS,
  MIB,
  NOW,
  withAlarms,
  withEveryMetrics,
  withFact,
  withStatus,
  withUnreachable,
} from '../../facts.js';

describe('sizes and alarms of one moment', () => {
  it('are those of every member', () => {
    const gauge = gaugeOf(full(healthy()));
    expect(gauge).toMatchObject({
      at: NOW,
      alarms: ['NOSPACE on m1'],
      leader: 'm1',
      revision: 4_812_990,
    });
    expect(gauge.members[1]).toEqual({
      id: IDS[1],
      name: 'm2',
      sizeBytes: 2 * GIB + 4096,
      inUseBytes: Math.round((2 * GIB + 4096) * 0.98),
      quotaBytes: 2 * GIB,
    });
  });

  it('are null, never zero, where they could not be read', () => {
    const gauge = gaugeOf(withUnreachable(healthy(), 'm3'));
    expect(gauge.members[2]).toMatchObject({ name: 'm3', sizeBytes: null, inUseBytes: null });
    expect(gaugeOf(withFact(healthy(), 'alarms', unknown('timeout', 'late'))).alarms).toBeNull();
    expect(gaugeOf(withEveryMetrics(healthy(), { quotaBytes: -1 })).members[0]?.quotaBytes).toBeNull();
  });

  it('take the highest revision that anybody has', () => {
    expect(gaugeOf(withStatus(healthy(), 'm3', { revision: 9_999_999 })).revision).toBe(9_999_999);
  });
});

describe('the state of the cluster in a sentence', () => {
  const gone = { memberId: IDS[4]!, kind: 'NOSPACE' as const };

  it.each([
    [healthy(), 'No alarm is armed, so etcd does not refuse writes. Sizes: m1 700 MiB,'],
    [full(healthy()), 'NOSPACE on m1: etcd refuses every write. Sizes: m1 2.0 GiB,'],
    [withAlarms(healthy(), [gone]), 'NOSPACE on a member that is gone: etcd refuses every write.'],
    [
      withFact(healthy(), 'alarms', unknown('timeout', 'late')),
      'Whether an alarm is armed could not be read.',
    ],
    [withUnreachable(healthy(), 'm2'), 'm2 does not answer'],
    [withStatus(healthy(), 'm3', { sizeBytes: 310 * MIB }), 'm3 310 MiB.'],
  ])('%#', (snapshot, words) => {
    expect(stateSentence(gaugeOf(snapshot))).toContain(words);
  });
});
