import { afterKey } from '../keyspace.js';

/*
 * Where a page should end. etcd walks the whole asked range to count it before it cuts the answer to its limit, and holds
 * its index for that long: a million keys in pages of a thousand would be walked five hundred times over, and every walk
 * stands in the way of writes. So each page asks for a near end instead, a few pages away, guessed from where keys were
 * seen to stand; what the member counted there corrects the guess. A guess is never wrong, only slow: pages join up
 * wherever they end.
 */

/** Pages that one end is meant for: each of them walks what is left up to it. */
const PAGES_AHEAD = 2;
const TOO_MANY = 3 * PAGES_AHEAD;
/** As much of a key as is calculated with; keys that differ only behind it are asked for without a near end. */
const WIDTH = 192;
const LETTER_Z = 0x7a;

export interface Ends {
  /** The next page, for about so many keys; null: all is read. */
  next(limit: number): { readonly from: Uint8Array; readonly end: Uint8Array } | null;
  /** What came of it. */
  took(page: Took): void;
}

export interface Took {
  readonly firstKey: Uint8Array | null;
  readonly lastKey: Uint8Array | null;
  readonly count: number;
  readonly total: number;
  readonly more: boolean;
}

export function makeEnds(first: Uint8Array, hardEnd: Uint8Array): Ends {
  let from: Uint8Array | null = first;
  let near: { readonly end: Uint8Array; left: number | null } | null = null;
  let lastKey: Uint8Array | null = null;
  let span: bigint | null = null;
  let limitAsked = 1;
  let hardLeft: number | null = null;

  function ahead(start: Uint8Array, limit: number): Uint8Array | null {
    if (span === null || (hardLeft !== null && hardLeft <= limit * PAGES_AHEAD)) return null;
    const end = bytesOf(numberOf(start) + span);
    return end && isAfter(end, start) && isBefore(end, hardEnd) ? end : null;
  }

  function acrossTheGap(start: Uint8Array): void {
    const end = lastKey && endsBeyond(lastKey).find((one) => isAfter(one, start));
    span = end && isBefore(end, hardEnd) ? numberOf(end) - numberOf(start) : null;
  }

  return {
    next(limit) {
      if (from === null) return null;
      limitAsked = limit;
      const enough = near !== null && (near.left === null || near.left <= limit * TOO_MANY);
      if (!enough) {
        const end = ahead(from, limit);
        if (end) near = { end, left: null };
      }
      return { from, end: near?.end ?? hardEnd };
    },
    took(page) {
      const { lastKey: last, count, total, more } = page;
      const start = from ?? first;
      const end = near?.end ?? hardEnd;
      const distance = numberOf(near ? near.end : highest(hardEnd)) - numberOf(start);
      if (near) near.left = total - count;
      else hardLeft = total;
      if (hardLeft !== null) hardLeft -= count;
      lastKey = last ?? lastKey;
      if (more && last) from = afterKey(last);
      else {
        from = near ? end : null;
        near = null;
      }
      if (from === null) return;
      if (total === 0) acrossTheGap(from);
      else span = spanAfter(page, { span, distance, limit: limitAsked });
    },
  };
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
  if (!firstKey || !lastKey || count < 2) return distance * 4n;
  if (total > limit * TOO_MANY) {
    const wanted = BigInt(limit * PAGES_AHEAD);
    return ((numberOf(lastKey) - numberOf(firstKey)) * wanted) / BigInt(count);
  }
  return total < limit ? distance * 4n : span;
}

/** The end of all keys is written as the lowest key. */
function isEndOfAll(end: Uint8Array): boolean {
  return end.length === 1 && end[0] === 0;
}

function highest(end: Uint8Array): Uint8Array {
  return isEndOfAll(end) ? new Uint8Array(WIDTH).fill(0xff) : end;
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

/**
 * Where the next keys may begin, once none came for a while behind this one, nearest first: at its last letters, then
 * further and further to the left, and most carefully at the beginnings of its folders' names. Each of them is a step
 * that may find nothing, and one that is too long finds a whole folder at once.
 */
export function endsBeyond(key: Uint8Array): readonly Uint8Array[] {
  const ends: Uint8Array[] = [];
  const add = (at: number, letters: number): void => {
    const letter = (key[at] ?? 0xff) + letters;
    if (letter <= LETTER_Z) ends.push(Uint8Array.from([...key.subarray(0, at), letter]));
  };
  for (let end = key.length; end > 0;) {
    const start = key.subarray(0, end).lastIndexOf(SLASH) + 1;
    for (let back = 1; end - back > start; back += back < NUMBER ? 1 : back)
      for (const letters of back <= NUMBER ? LETTERS : [1]) add(end - back, letters);
    if (start < end) for (const letters of LETTERS) add(start, letters);
    if (start > 0) add(start - 1, 1);
    end = start - 1;
  }
  return ends;
}
