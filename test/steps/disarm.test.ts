import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../src/domain/fact.js';
import type { Alarm, Snapshot } from '../../src/domain/snapshot.js';
import disarm from '../../src/steps/disarm.js';
import {
  full,
  GIB,
  healthy,
  IDS,
  MIB,
  withAlarms,
  withEveryStatus,
  withFact,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { stage, type Scene } from './context.js';

const nospace = (id: string): Alarm => ({ memberId: id, kind: 'NOSPACE' });
const corrupt: Alarm = { memberId: IDS[1]!, kind: 'CORRUPT' };
/** Every member small again, the alarm still there. */
const mended = withEveryStatus(full(healthy()), { sizeBytes: 300 * MIB });
const calm = withAlarms(mended, []);

function seeing(...looks: Snapshot[]) {
  const scene: Scene = { looks };
  return stage<'disarm'>({ kind: 'disarm', alarm: 'NOSPACE', belowShare: 0.9 }, scene);
}

describe('before an alarm is disarmed', () => {
  it.each<[string, Snapshot, object]>([
    ['every member has room', mended, { go: 'act', evidence: { entries: 1 } }],
    ['the alarm is gone by itself', calm, { go: 'skip' }],
    [
      'one member is still at 90 %',
      withStatus(mended, 'm3', { sizeBytes: 0.9 * 2 * GIB }),
      { go: 'stop', because: 'm3 is still at 90 % of its quota' },
    ],
    [
      'one member is just under it',
      withStatus(mended, 'm3', { sizeBytes: 0.9 * 2 * GIB - 1 }),
      { go: 'act' },
    ],
    ['CORRUPT is armed as well', withAlarms(mended, [nospace(IDS[0]!), corrupt]), { go: 'stop' }],
    ['a member is silent, so its size is not known', withUnreachable(mended, 'm2'), { go: 'stop' }],
    ['it has no quota, so it can’t be over it', withStatus(mended, 'm2', { quotaBytes: -1 }), { go: 'act' }],
  ])('looks where %s', async (_what, look, expected) => {
    expect(await disarm.precondition(seeing(look).context)).toMatchObject(expected);
  });

  it('says what helps against live data that fills the quota', async () => {
    const ready = await disarm.precondition(seeing(full(healthy())).context);
    expect(ready).toMatchObject({ go: 'stop', next: [expect.stringContaining('--quota-backend-bytes')] });
  });
});

describe('disarming', () => {
  it('names each member and NOSPACE, one by one, those that are gone too', async () => {
    const armed = withAlarms(mended, [nospace(IDS[0]!), nospace(IDS[2]!), nospace('4711')]);
    const { context, calls } = seeing(armed, calm);
    await disarm.act(context, {});
    expect(calls).toEqual([IDS[0]!, IDS[2]!, '4711'].map((id) => `m1 disarm NOSPACE of ${id}`));
  });

  it.each<[string, Snapshot]>([
    ['CORRUPT was raised meanwhile', withAlarms(mended, [corrupt, nospace(IDS[0]!)])],
    ['a member has run full again meanwhile', withStatus(mended, 'm3', { sizeBytes: 2 * GIB })],
    ['a member has fallen silent meanwhile', withUnreachable(mended, 'm3')],
  ])('leaves alone what is armed where %s', async (_what, look) => {
    const { context, calls } = seeing(mended, look);
    await expect(disarm.act(context, {})).rejects.toMatchObject({ name: 'TargetError' });
    expect(calls).toEqual([`m1 disarm NOSPACE of ${IDS[0]!}`]);
  });

  it('disarms as well what clients raised in between, and gives up after a few rounds', async () => {
    const { context, calls } = seeing(withAlarms(mended, [nospace(IDS[0]!)]));
    await disarm.act(context, {});
    expect(calls).toHaveLength(5);
  });

  it('asks nobody where nobody leads', async () => {
    const { context, calls } = seeing(withEveryStatus(mended, { leaderId: '0' }));
    await expect(disarm.act(context, {})).rejects.toMatchObject({ code: 'no-leader' });
    expect(calls).toEqual([]);
  });
});

describe('after disarming', () => {
  it.each<[string, Snapshot, object]>([
    ['none is left', calm, { seen: 'done' }],
    ['one is left', mended, { seen: 'not-done', because: '1 NOSPACE alarm(s) still armed' }],
    ['one is left, and a member is silent', withUnreachable(mended, 'm3'), { seen: 'unclear' }],
    ['one is left, and nobody leads', withEveryStatus(mended, { leaderId: '0' }), { seen: 'unclear' }],
    ['none is left, though a member is silent', withUnreachable(calm, 'm3'), { seen: 'done' }],
    ['only CORRUPT is left', withAlarms(mended, [corrupt]), { seen: 'done' }],
    ['alarms could not be read', withFact(mended, 'alarms', unknown('timeout', 'late')), { seen: 'unclear' }],
  ])('says what reading shows: %s', async (_what, look, effect) => {
    expect(await disarm.effect(seeing(look).context, {}, true)).toMatchObject(effect);
  });
});
