import { describe, expect, it } from '@jest/globals';
import { membersOf } from '../../src/domain/members.js';
import {
  exceptFor,
  hasStatus,
  historyOf,
  lines,
  nameOf,
  names,
  namesAre,
} from '../../src/domain/readings.js';
import { healthy, healthyMetrics, IDS, withListed, withUnreachable } from '../facts.js';

describe('words for members', () => {
  it.each([
    [[], 'no member'],
    [['m1'], 'm1'],
    [['m1', 'm2'], 'm1 and m2'],
    [['m1', 'm2', 'm3'], 'm1, m2 and m3'],
  ])('%j: %s', (labels, text) => {
    expect(names(labels)).toBe(text);
  });

  it('agrees in number', () => {
    expect([namesAre(['m1']), namesAre(['m1', 'm2'])]).toEqual(['m1 is', 'm1 and m2 are']);
  });

  it('gives every member a line, also those that say nothing', () => {
    const views = membersOf(withListed(withUnreachable(healthy(), 'm3'), { name: '', id: '255' }));
    const said = lines(views, (member) => (member.status.known ? 'well' : null));
    expect(said).toEqual(['m1: well', 'm2: well', 'm3: not read', 'ff: never started']);
  });

  it('ends a good summary with those that were not seen', () => {
    expect(exceptFor(membersOf(healthy()), hasStatus)).toBe('');
    expect(exceptFor(membersOf(withUnreachable(healthy(), 'm3')), hasStatus)).toBe('; m3 not read');
  });

  it.each([
    [IDS[1] ?? '', 'm2'],
    ['0', 'an unnamed member'],
    ['255', 'ff (not in the member list)'],
  ])('the id %s is %s', (id, name) => {
    expect(nameOf(membersOf(healthy()), id)).toBe(name);
  });
});

describe('revisions since the last compaction', () => {
  it.each([
    [1000, 400, 600],
    [1000, 0, 1000],
    [1000, -1, 1000],
    [1000, 1001, 0],
    [null, 400, null],
    [1000, null, null],
  ])('revision %p, compacted up to %p: %p', (currentRevision, compactRevision, history) => {
    expect(historyOf({ ...healthyMetrics(), currentRevision, compactRevision })).toBe(history);
  });
});
