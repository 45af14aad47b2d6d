import { describe, expect, it } from '@jest/globals';
import { blindness } from '../../../src/domain/alerting/blindness.js';
import { levelOf, type Limits } from '../../../src/domain/alerting/levels.js';
import type { AlertSeverity } from '../../../src/domain/alerting/rule.js';

const LIMITS = { share: 0.2, least: 3 };

function dark(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `c${String(index + 1)}`);
}

describe('blindness', () => {
  it.each<readonly [clusters: number, unreadable: number, firing: AlertSeverity | null, state: string]>([
    [0, 0, null, 'unknown'],
    [1, 1, null, 'clear'],
    [2, 2, null, 'clear'],
    [3, 2, null, 'clear'],
    [3, 3, null, 'firing'],
    [10, 2, null, 'clear'],
    [10, 3, null, 'firing'],
    [15, 3, null, 'clear'],
    [15, 4, null, 'firing'],
    [1000, 200, null, 'clear'],
    [1000, 201, null, 'firing'],
    [1000, 101, 'critical', 'firing'],
    [1000, 100, 'critical', 'clear'],
    [3, 2, 'critical', 'firing'],
    [3, 1, 'critical', 'clear'],
  ])('of %d clusters %d unreadable, before %s: %s', (clusters, unreadable, firing, state) => {
    expect(blindness({ clusters, unreadable: dark(unreadable), firing }, LIMITS).state).toBe(state);
  });

  it('names the clusters, but not hundreds of them', () => {
    const reading = blindness({ clusters: 40, unreadable: dark(12), firing: null }, LIMITS);
    expect(reading).toMatchObject({
      severity: 'critical',
      summary: 'I am blind: 12 of 40 clusters cannot be read since about the same moment',
    });
    const [line] = reading.state === 'firing' ? reading.evidence : [];
    expect(line).toBe('Not read: c1, c2, c3, c4, c5, c6, c7, c8, c9, c10 and 2 more');
  });

  it('takes other limits', () => {
    const sight = { clusters: 10, unreadable: dark(3), firing: null };
    expect(blindness(sight, { share: 0.5, least: 3 }).state).toBe('clear');
    expect(blindness(sight, { share: 0.2, least: 4 }).state).toBe('clear');
  });
});

describe('levels', () => {
  const BOTH: Limits = { warning: 10, critical: 20 };

  it.each<readonly [number, AlertSeverity | null, AlertSeverity | null]>([
    [10, null, null],
    [10.1, null, 'warning'],
    [20, null, 'warning'],
    [20.1, null, 'critical'],
    [8.1, 'warning', 'warning'],
    [8, 'warning', null],
    [19, 'warning', 'warning'],
    [16.1, 'critical', 'critical'],
    [16, 'critical', 'warning'],
    [8, 'critical', null],
    [9, 'info', null],
  ])('%d while firing %s: %s', (value, firing, level) => {
    expect(levelOf(value, BOTH, firing)).toBe(level);
  });
});
