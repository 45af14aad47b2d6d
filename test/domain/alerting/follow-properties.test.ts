import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clear, critical, MINUTE, Story, unknown, warning } from './follow-scene.js';

const reading = fc.constantFrom(clear, clear, unknown, warning(), critical());
const step = fc.record({
  readings: fc.record({ quota: reading, nospace: reading, proposals: reading, down: reading }),
  afterMs: fc.constantFrom(15_000, MINUTE, 12 * MINUTE),
  held: fc.constantFrom('none', 'none', 'blind', 'window'),
});

it('whatever is read: events are numbered without a gap, begin with the opening, and versions grow', () => {
  let spoken = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const story = new Story();
      const versions = new Map<string, number>();
      for (const { readings, afterMs, held } of steps) {
        story.around = {
          blind: held === 'blind',
          quiet: held === 'window' ? { kind: 'window', text: 'a maintenance window is open' } : null,
        };
        story.look(readings, afterMs);
        for (const { id, version, events, state } of story.book.incidents) {
          expect(version).toBeGreaterThanOrEqual(versions.get(id) ?? 0);
          versions.set(id, version);
          expect(events.map(({ number }) => number)).toEqual(events.map((_event, index) => index + 1));
          spoken += events.length;
          const kinds = events.map(({ kind }) => kind);
          if (kinds.length > 0) expect(kinds[0]).toBe('opened');
          expect(kinds.filter((kind) => kind === 'opened').length).toBeLessThanOrEqual(1);
          if (state === 'resolved') expect(kinds.at(-1)).toBe('resolved');
          const ends = kinds.filter((kind) => kind === 'resolved' || kind === 'reopened');
          expect(ends.every((kind, index) => kind !== ends[index + 1])).toBe(true);
        }
        const open = story.book.incidents.filter(({ state }) => state === 'firing');
        expect(new Set(open.map(({ cause }) => cause)).size).toBe(open.length);
      }
    }),
    { seed: 20_260_310, numRuns: 200 },
  );
  expect(spoken).toBeGreaterThan(500);
});
