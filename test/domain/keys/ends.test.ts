import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endsBeyond, makeEnds } from '../../../src/domain/keys/ends.js';
import { afterPrefix } from '../../../src/domain/keyspace.js';

interface Walk {
  readonly keys: readonly string[];
  /** How many keys the member has walked over, all pages together. */
  readonly walked: number;
  readonly pages: number;
  /** The same, page by page. */
  readonly walks: readonly number[];
}

/** What a member does: counts all that is in the range, and answers with the first of it. */
function walk(stored: readonly string[], prefix: string, limit: number): Walk {
  const bytes = stored.map((key) => Buffer.from(key, 'latin1')).sort(Buffer.compare);
  const from = prefix === '' ? Uint8Array.of(0) : Buffer.from(prefix, 'latin1');
  const hardEnd = afterPrefix(Buffer.from(prefix, 'latin1'));
  const ends = makeEnds(from, hardEnd);
  const seen: string[] = [];
  const walks: number[] = [];
  for (let asked = ends.claim(limit); asked; asked = ends.claim(limit)) {
    const { from: first, end } = asked;
    const isAll = end.length === 1 && end[0] === 0;
    const inside = bytes.filter(
      (key) => Buffer.compare(key, first) >= 0 && (isAll || Buffer.compare(key, end) < 0),
    );
    const page = inside.slice(0, limit);
    seen.push(...page.map((key) => key.toString('latin1')));
    const [firstKey = null, lastKey = null] = [page[0], page.at(-1)];
    const more = inside.length > limit;
    ends.took(asked, { firstKey, lastKey, count: page.length, total: inside.length, more });
    walks.push(inside.length);
    if (walks.length > 10_000) throw new Error('it does not come to an end');
  }
  const walked = walks.reduce((sum, one) => sum + one, 0);
  return { keys: seen, walked, pages: walks.length, walks };
}

function sorted(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)].sort((a, b) =>
    Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')),
  );
}

describe('pages that end near', () => {
  it('join up: every key comes once, in order, whatever the keys are', () => {
    const bytes = fc
      .uint8Array({ minLength: 1, maxLength: 12 })
      .map((key) => Buffer.from(key).toString('latin1'));
    const likely = fc
      .tuple(
        fc.constantFrom('/a/', '/registry/pods/', '/registry/po', 'z', '\xff\xff', '/calico/x/'),
        fc.string({ maxLength: 6 }),
      )
      .map(([folder, name]) => folder + Buffer.from(name).toString('latin1'));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(bytes, likely), { maxLength: 120 }),
        fc.integer({ min: 1, max: 9 }),
        (keys, limit) => {
          const stored = sorted(keys);
          expect(walk(stored, '', limit).keys).toEqual(stored);
          expect(walk(stored, '/registry/', limit).keys).toEqual(
            stored.filter((key) => key.startsWith('/registry/')),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('let the member walk over each key a few times, not once for each page', () => {
    const folders = ['events', 'pods', 'secrets', 'crd.projectcalico.org/ipamhandles', 'services/specs'];
    const stored = sorted(
      Array.from({ length: 6000 }, (_, index) => {
        const hash = ((index * 2_654_435_761) % 2 ** 32).toString(16);
        return `/registry/${folders[index % folders.length] ?? ''}/ns-${String(index % 9)}/job-${hash}`;
      }),
    );
    const { keys, walked, pages } = walk(stored, '', 60);
    expect(keys).toHaveLength(stored.length);
    // Pages that end at the very end would walk 50 times as much.
    expect(walked).toBeLessThan(10 * stored.length);
    expect(pages).toBeLessThan(1000);
  });

  it('stay near in a folder that was once counted as a whole', () => {
    const stored = sorted(
      Array.from({ length: 2910 }, (_, index) => {
        const hash = ((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
        return `/registry/events/ns-${String(index % 97)}/job-${hash}`;
      }),
    );
    const { walks } = walk(stored, '/registry/', 10);
    // To come from one tenth of the namespaces to the next, two of them are counted at once.
    expect(walks.filter((count) => count > stored.length / 4)).toEqual([stored.length]);
  });

  it('hold keys together that differ only far behind', () => {
    const long = 'x'.repeat(400);
    const stored = sorted(Array.from({ length: 50 }, (_, index) => `/a/${long}/${String(index)}`));
    expect(walk(stored, '', 7).keys).toEqual(stored);
  });
});

it('behind a key the next ones are looked for from its last letters to its first folder', () => {
  const ends = endsBeyond(Buffer.from('/ab/cdef')).map((end) => Buffer.from(end).toString());
  expect(ends.slice(0, 5)).toEqual(['/ab/cdeg', '/ab/cdei', '/ab/cdeo', '/ab/cdf', '/ab/cdh']);
  expect(ends.slice(-8)).toEqual(['/ab0', '/ac', '/ae', '/ak', '/b', '/d', '/j', '0']);
  expect(ends).toEqual([...ends].sort());
});
