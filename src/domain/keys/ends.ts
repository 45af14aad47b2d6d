import { afterKey } from '../keyspace.js';

/*
 * Where a page should end. etcd walks the whole asked range to count it before it cuts the answer to its limit, and holds
 * its index for that long: a million keys in pages of a thousand would be walked five hundred times over, and every walk
 * stands in the way of writes. So each page asks for a near end instead, guessed from where keys were seen to stand; what
 * the member counted there corrects the guess. A guess is never wrong, only slow: what a page leaves is asked for again.
 * Where it ends is settled before its answer comes, so that several pages can be under way.
 */

/** A page is to be nearly full, and rarely more than that. */
const FULL = 3n;
const OF = 4n;
const FEW = 4;
/** As much of a key as is calculated with; keys that differ only behind it are asked for without a near end. */
const WIDTH = 192;
const LETTER_Z = 0x7a;

export interface Page {
  readonly from: Uint8Array;
  readonly end: Uint8Array;
  readonly limit: number;
}

export interface Ends {
  /** The next page, for about so many keys; null: none is left but those that are under way. */
  claim(limit: number): Page | null;
  /** What came of it. */
  took(page: Page, what: Took): void;
}

export interface Took {
  readonly firstKey: Uint8Array | null;
  readonly lastKey: Uint8Array | null;
  readonly count: number;
  readonly total: number;
  readonly more: boolean;
}

/** A range that nobody has claimed yet; `left`: how many keys it holds, as far as that is known. */
interface Open {
  from: Uint8Array;
  readonly end: Uint8Array;
  left: number | null;
}

export function makeEnds(first: Uint8Array, hardEnd: Uint8Array): Ends {
  /** The nearest one last. */
  const open: Open[] = [{ from: first, end: hardEnd, left: null }];
  let lastKey: Uint8Array | null = null;
  let span: bigint | null = null;

  function nearEnd({ from, end, left }: Open, limit: number): Uint8Array | null {
    if (span === null || (left !== null && left <= limit)) return null;
    const near = bytesOf(numberOf(from) + span);
    return near && isAfter(near, from) && isBefore(near, end) ? near : null;
  }

  return {
    claim(limit) {
      const range = open.at(-1);
      if (!range) return null;
      const { from } = range;
      const near = nearEnd(range, limit);
      if (near) range.from = near;
      else open.pop();
      return { from, end: near ?? range.end, limit };
    },
    took({ from, end, limit }, what) {
      const { lastKey: last, count, total, more } = what;
      // By what has come, not by what was counted: what a page leaves is counted once more when it is asked for.
      for (const range of open) if (range.left !== null && !isBefore(range.end, end)) range.left -= count;
      lastKey = last ?? lastKey;
      if (more && last) open.push({ from: afterKey(last), end, left: total - count });
      if (total > 0) span = spanAfter(what, { span, limit, distance: distanceOf(from, end) });
      else if (lastKey) span = spanAcross(lastKey, { from: open.at(-1)?.from ?? end, limit });
    },
  };
}

/** To the next end beyond the gap. */
function spanAcross(lastKey: Uint8Array, { from, limit }: Omit<Page, 'end'>): bigint | null {
  const end = endsBeyond(lastKey, limit).find((one) => isAfter(one, from));
  return end ? numberOf(end) - numberOf(from) : null;
}

interface Step {
  readonly span: bigint | null;
  readonly distance: bigint;
  readonly limit: number;
}

/** By how densely this page's own keys stand; where that was too short a step, a longer one. */
function spanAfter(
  { firstKey, lastKey, count, total }: Took,
  { span, distance, limit }: Step,
): bigint | null {
  if (total > limit && firstKey && lastKey && count > 1)
    return ((numberOf(lastKey) - numberOf(firstKey)) * BigInt(limit) * FULL) / (BigInt(count) * OF);
  if (total * FEW < limit) return distance * OF;
  if (total * 2 < limit) return (distance * FULL) / 2n;
  return span === null ? null : distance;
}

function distanceOf(from: Uint8Array, end: Uint8Array): bigint {
  return numberOf(isEndOfAll(end) ? HIGHEST : end) - numberOf(from);
}

const HIGHEST = new Uint8Array(WIDTH).fill(0xff);

/** The end of all keys is written as the lowest key. */
function isEndOfAll(end: Uint8Array): boolean {
  return end.length === 1 && end[0] === 0;
}

function isBefore(key: Uint8Array, end: Uint8Array): boolean {
  return isEndOfAll(end) || Buffer.compare(key, end) < 0;
}

function isAfter(key: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(key, other) > 0;
}

/** Keys in their order are numbers in theirs. */
function numberOf(key: Uint8Array): bigint {
  const padded = Buffer.alloc(WIDTH);
  padded.set(key.subarray(0, WIDTH));
  return BigInt(`0x${padded.toString('hex')}`);
}

function bytesOf(number: bigint): Uint8Array | null {
  const hex = number.toString(16).padStart(2 * WIDTH, '0');
  if (hex.length > 2 * WIDTH) return null;
  const bytes = Buffer.from(hex, 'hex');
  let length = bytes.length;
  while (length > 1 && bytes[length - 1] === 0) length--;
  return bytes.subarray(0, length);
}

const SLASH = 0x2f;
/** So many letters further where neighbours differ most: at the beginnings of names, and where numbers stand at their ends. */
const LETTERS = [1, 3, 9, 27];
const NUMBER = 3;
/** Whoever reads so many at once is served best by few and long steps. */
const MANY = 5000;

/**
 * Where the next keys may begin, once none came for a while behind this one, nearest first: at its last letters, then
 * further and further to the left, and most carefully at the beginnings of its folders' names. Each of them is a step
 * that may find nothing, and one that is too long finds a whole folder at once.
 */
export function endsBeyond(key: Uint8Array, limit = 0): readonly Uint8Array[] {
  const ends: Uint8Array[] = [];
  const add = (at: number, letters: number): void => {
    const letter = (key[at] ?? 0xff) + letters;
    if (letter <= LETTER_Z) ends.push(Uint8Array.from([...key.subarray(0, at), letter]));
  };
  for (let end = key.length; end > 0;) {
    const start = key.subarray(0, end).lastIndexOf(SLASH) + 1;
    for (let back = 1; limit < MANY && end - back > start; back += back < NUMBER ? 1 : back)
      for (const letters of back <= NUMBER ? LETTERS : [1]) add(end - back, letters);
    if (start < end) for (const letters of LETTERS) add(start, letters);
    if (start > 0) add(start - 1, 1);
    end = start - 1;
  }
  return ends;
}
