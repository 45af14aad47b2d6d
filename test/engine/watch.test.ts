import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../src/domain/fact.js';
import { looked } from '../../src/engine/watch.js';
import { full, healthy, IDS, NOW, withAlarms, withFact, withoutFact } from '../facts.js';

const watch = { until: NOW + 10_000, state: 'watching' as const };
const blind = withFact(healthy(), 'alarms', unknown('timeout', 'late'));
const corrupt = withAlarms(healthy(), [{ memberId: IDS[0]!, kind: 'CORRUPT' }]);

describe('a look at the alarms after a fix', () => {
  it.each([
    ['goes on while its time has not come', healthy(), NOW, 'watching'],
    ['ends quiet when its time has come', healthy(), NOW + 10_000, 'quiet'],
    ['ends when an alarm is back', full(healthy()), NOW, 'reraised'],
    ['ends when another alarm is there', corrupt, NOW, 'reraised'],
    ['ends so at its end as well', full(healthy()), NOW + 20_000, 'reraised'],
    ['is blind where alarms could not be read', blind, NOW, 'blind'],
    ['is never quiet where alarms could not be read', blind, NOW + 20_000, 'blind'],
    ['is blind where nobody asked for alarms', withoutFact(healthy(), 'alarms'), NOW, 'blind'],
  ])('%s', (_what, snapshot, now, state) => {
    expect(looked(watch, snapshot, now)).toMatchObject({ state, lastReadAt: now, until: watch.until });
  });

  it('sees again after it was blind', () => {
    const before = { ...watch, state: 'blind' as const, note: 'alarms could not be read' };
    const after = looked(before, healthy(), NOW);
    expect(after.state).toBe('watching');
    expect(after.note).toBeUndefined();
  });

  it('says which alarm it is, and that it is not disarmed again by itself', () => {
    const { note } = looked(watch, full(healthy()), NOW);
    expect(note).toMatch(/^NOSPACE was raised again.*not disarmed again by itself/);
  });
});
