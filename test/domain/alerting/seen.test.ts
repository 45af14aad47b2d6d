import { describe, expect, it } from '@jest/globals';
import type { AlertBook, Incident, Signal } from '../../../src/domain/alerting/incident.js';
import { pastOf } from '../../../src/domain/alerting/seen.js';
import { trendWith } from '../../charts.js';
import { DAY, HOUR, MINUTE, NOW } from '../../facts.js';

function incident(rule: string, since: number, changes: Partial<Signal> = {}): Incident {
  return { signals: [{ rule, since, ...changes }] } as unknown as Incident;
}

const ended = (at: number) => ({ cleared: { at, because: 'none is armed' } });

describe('what the monitor has seen', () => {
  it.each<[string, readonly Incident[], ReturnType<typeof pastOf>['fullSince'], number | null]>([
    ['nothing', [], null, null],
    ['it fires', [incident('nospace', NOW - HOUR)], NOW - HOUR, null],
    ['something else fires', [incident('quota-low', NOW - HOUR)], null, null],
    ['it ended lately', [incident('nospace', NOW - HOUR, ended(NOW - MINUTE))], null, NOW - MINUTE],
    ['it ended long ago', [incident('nospace', NOW - 3 * DAY, ended(NOW - 2 * DAY))], null, null],
    [
      'it ended, and fires again',
      [incident('nospace', NOW - HOUR, ended(NOW - 30 * MINUTE)), incident('nospace', NOW - MINUTE)],
      NOW - MINUTE,
      null,
    ],
  ])('%s', (_case, incidents, fullSince, fullUntil) => {
    const book: Pick<AlertBook, 'incidents' | 'trend'> = { incidents, trend: null };
    expect(pastOf(book, NOW)).toEqual({ fullSince, fullUntil, compactedAt: null });
  });

  it('knows since when nothing was compacted', () => {
    const trend = { ...trendWith({}), notCompactedSince: NOW - DAY };
    expect(pastOf({ incidents: [], trend }, NOW).compactedAt).toBe(NOW - DAY);
  });
});
