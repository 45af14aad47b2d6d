import { describe, expect, it } from '@jest/globals';
import { chainKey, makeChain } from '../../../src/adapters/audit/chain.js';
import type { Line, Mark, Report } from '../../../src/adapters/audit/report.js';
import { verifyChains, type VerifySetting } from '../../../src/adapters/audit/verify.js';
import { auditLine, type AuditEntry } from '../../../src/domain/audit.js';

const KEY = 'a key for these tests alone';
const AT = Date.parse('2026-11-23T03:12:05Z');

function chainOf(id: string, length: number, at = AT): readonly AuditEntry[] {
  const chain = makeChain(chainKey(KEY), id);
  return Array.from({ length }, (_, index) =>
    chain.next({
      at: at + index * 1000,
      event: index === 0 ? 'process.started' : 'step.done',
      detail: { role: index === 0 ? 'executor' : undefined },
    }),
  );
}

const A = chainOf('aaaaaaaa1111', 8);
const B = chainOf('bbbbbbbb2222', 3);
const LINES = A.map(auditLine);

function filed(texts: readonly string[], file = 'audit.jsonl'): readonly Line[] {
  return texts.map((text, index) => ({ file, number: index + 1, text }));
}

function verify(texts: readonly string[], setting: Partial<VerifySetting> = {}): Promise<Report> {
  return verifyChains(filed(texts), { key: KEY, marks: [], ...setting });
}

function without(...numbers: readonly number[]): readonly string[] {
  return LINES.filter((_, index) => !numbers.includes(index + 1));
}

function swapped(one: number, other: number): readonly string[] {
  return LINES.map(
    (line, index) => LINES[index + 1 === one ? other - 1 : index + 1 === other ? one - 1 : index] ?? line,
  );
}

function headOf(entries: readonly AuditEntry[], seq = entries.length, here = true): Mark {
  const { chain, mac, at } = entries[seq - 1]!;
  return { chain, seq, mac, known: { at, here } };
}

describe('chains that nobody has touched', () => {
  it('are proven, with who wrote them and when', async () => {
    const { broken, torn, chains } = await verify(LINES);
    expect({ broken, torn }).toEqual({ broken: null, torn: [] });
    expect(chains).toEqual([
      {
        chain: 'aaaaaaaa1111',
        entries: 8,
        first: 1,
        last: 8,
        from: AT,
        until: AT + 7000,
        mac: A[7]?.mac,
        role: 'executor',
        compared: false,
      },
    ]);
  });

  it('are proven where several processes write into one file', async () => {
    const b = B.map(auditLine);
    const mixed = [LINES[0], b[0], b[1], LINES[1], '', b[2], ...LINES.slice(2)].map(String);
    const { broken, chains } = await verify(mixed, { marks: [headOf(A), headOf(B)] });
    expect(broken).toBeNull();
    expect(chains.map(({ chain, entries, compared }) => [chain, entries, compared])).toEqual([
      ['aaaaaaaa1111', 8, true],
      ['bbbbbbbb2222', 3, true],
    ]);
  });

  it('are proven over rotated files, and while they are being written', async () => {
    const lines = [...filed(LINES.slice(0, 5), 'audit.jsonl.1'), ...filed(LINES.slice(5))];
    const report = await verifyChains(lines, { key: KEY, marks: [headOf(A, 6)] });
    expect(report).toMatchObject({ broken: null, chains: [{ entries: 8, compared: true }] });
  });
});

describe('tampering', () => {
  const changed = LINES.map((line) => line.replace('03:12:08', '03:12:09'));
  const forged = auditLine({ ...A[4]!, event: 'operation.approved', who: 'U9' });
  const otherChain = chainOf('aaaaaaaa1111', 8, AT + 1).map(auditLine);

  it.each<[string, readonly string[], object]>([
    ['an entry that was changed', changed, { kind: 'changed', line: 4, seq: 4 }],
    [
      'the newest entry changed',
      LINES.with(7, LINES[7]!.replace('done', 'nope')),
      { kind: 'changed', line: 8, seq: 8 },
    ],
    ['an entry that was forged without the key', LINES.toSpliced(4, 0, forged), { kind: 'changed', line: 5 }],
    [
      'an entry that was removed',
      without(4),
      { kind: 'missing', line: 4, seq: 5, why: expect.stringContaining('entry 4 is') },
    ],
    [
      'several entries that were removed',
      without(3, 4, 5),
      { kind: 'missing', line: 3, why: expect.stringContaining('3 to 5') },
    ],
    ['an entry that was copied in', LINES.toSpliced(6, 0, LINES[2]!), { kind: 'repeated', line: 7, seq: 3 }],
    [
      'an entry that stands there twice',
      LINES.toSpliced(3, 0, LINES[2]!),
      { kind: 'repeated', line: 4, seq: 3 },
    ],
    ['entries in another order', swapped(3, 4), { kind: 'reordered', line: 3, seq: 4 }],
    ['entries far apart in another order', swapped(2, 7), { kind: 'reordered', line: 2, seq: 7 }],
    [
      'the beginning cut off',
      without(1, 2),
      {
        kind: 'no-beginning',
        line: 1,
        seq: 3,
        why: expect.stringContaining('at 3: give the older file too'),
      },
    ],
    [
      'an entry of another life of the chain',
      LINES.with(5, otherChain[5]!),
      { kind: 'forked', line: 6, seq: 6 },
    ],
    [
      'what is no entry at all',
      LINES.toSpliced(2, 0, 'approved by me'),
      { kind: 'unreadable', line: 3, seq: null },
    ],
    [
      'an object that is none of ours',
      LINES.toSpliced(2, 0, '{"event":"operation.approved"}'),
      { kind: 'changed', line: 3, event: 'operation.approved' },
    ],
    ['an entry that was garbled', LINES.with(3, LINES[3]!.slice(5)), { kind: 'unreadable', line: 4 }],
    [
      'an entry of which a part was removed',
      LINES.with(3, LINES[3]!.slice(0, 50)),
      { kind: 'missing', line: 5, seq: 5 },
    ],
  ])('by %s is found, and the first broken entry named', async (_title, texts, expected) => {
    expect((await verify(texts)).broken).toMatchObject({ file: 'audit.jsonl', ...expected });
  });

  it('names time and event of the entry as its line says them', async () => {
    const { broken } = await verify(without(4));
    expect(broken).toMatchObject({
      chain: 'aaaaaaaa1111',
      time: '2026-11-23T03:12:09.000Z',
      event: 'step.done',
    });
  });

  it('is named where it came first, whatever came after it', async () => {
    const { broken } = await verify([...without(2), ...LINES, 'garbage']);
    expect(broken).toMatchObject({ kind: 'reordered', line: 2 });
  });

  it('is all that is seen where the key is another one', async () => {
    const { broken, chains } = await verify(LINES, { key: 'not the key that it was written with' });
    expect(broken).toMatchObject({ kind: 'changed', line: 1, why: expect.stringContaining('STEWARD_KEY') });
    expect(chains).toEqual([]);
  });
});

describe('the ends of chains', () => {
  const posted = (seq: number): Mark => ({ chain: 'aaaaaaaa', seq, mac: A[seq - 1]!.mac.slice(0, 16) });
  const other: Mark = { ...posted(5), mac: '0'.repeat(16) };

  it.each<[string, number, readonly Mark[], object | null]>([
    ['a chain that goes as far as Redis knows holds', 8, [headOf(A)], null],
    ['a chain that has gone on since holds', 8, [headOf(A, 5)], null],
    [
      'a chain whose end was cut off is found out by Redis',
      6,
      [headOf(A)],
      { kind: 'cut-off', seq: 7, why: expect.stringContaining('7 to 8 are missing') },
    ],
    [
      'a chain whose end was cut off is found out by what was posted',
      3,
      [posted(4)],
      { kind: 'cut-off', seq: 4 },
    ],
    ['a chain that holds what was posted, holds', 8, [posted(4), posted(7)], null],
    [
      'a chain in which another entry was posted does not hold',
      8,
      [other],
      { kind: 'other-than-known', line: 5 },
    ],
    [
      'a posted chain of which nothing is there is gone',
      8,
      [{ ...posted(4), chain: 'cccccccc' }],
      { kind: 'gone', chain: 'cccccccc' },
    ],
    [
      'a chain of these files of which nothing is there is gone',
      8,
      [headOf(A), headOf(B)],
      { kind: 'gone', chain: 'bbbbbbbb2222' },
    ],
    ['all of the files emptied', 0, [headOf(A)], { kind: 'gone' }],
  ])('%s', async (_title, length, marks, expected) => {
    const { broken } = await verify(LINES.slice(0, length), { marks });
    if (expected === null) expect(broken).toBeNull();
    else expect(broken).toMatchObject({ file: null, line: null, ...expected, ...fileOf(expected) });
  });

  it('of other processes’ files, and of what was rotated away, are no trouble', async () => {
    const older = chainOf('cccccccc3333', 4, AT - 3_600_000);
    const report = await verify(LINES, { marks: [headOf(A), headOf(B, 3, false), headOf(older)] });
    expect(report).toMatchObject({ broken: null, elsewhere: 2 });
  });
});

/** What stands on a line is found on that line. */
function fileOf(expected: object): object {
  return 'line' in expected ? { file: 'audit.jsonl' } : {};
}

describe('a crash in the middle of a write', () => {
  const half = LINES[7]!.slice(0, 90);

  it.each<[string, readonly string[]]>([
    ['is said as such at the end of a file', [...LINES.slice(0, 7), half]],
    ['is said as such where other processes have gone on', [...LINES.slice(0, 7), half, ...B.map(auditLine)]],
    ['is said as such where the entry was written again', [...LINES.slice(0, 7), half, LINES[7]!]],
    ['is said as such where a machine left zeros', [...LINES.slice(0, 7), `${half}\0\0\0\0`]],
    ['is said as such where only zeros are left', [...LINES.slice(0, 7), '\0\0\0\0']],
  ])('%s, and breaks nothing', async (_title, texts) => {
    const { broken, torn } = await verify(texts, { marks: [headOf(A, 7)] });
    expect(broken).toBeNull();
    expect(torn.map(({ number }) => number)).toEqual([8]);
  });

  it('is no excuse for an entry that was there', async () => {
    const { broken, torn } = await verify([...LINES.slice(0, 7), half], { marks: [headOf(A)] });
    expect(broken).toMatchObject({ kind: 'cut-off', seq: 8 });
    expect(torn).toHaveLength(1);
  });
});

describe('an excerpt', () => {
  it('is proven entry by entry, whatever was left out', async () => {
    const report = await verify([LINES[6]!, LINES[2]!], { excerpt: true, marks: [headOf(A)] });
    expect(report).toMatchObject({ broken: null, chains: [{ entries: 2 }] });
  });

  it('does not hold where an entry was changed', async () => {
    const { broken } = await verify([LINES[6]!, LINES[2]!.replace('done', 'nope')], { excerpt: true });
    expect(broken).toMatchObject({ kind: 'changed', line: 2 });
  });
});
