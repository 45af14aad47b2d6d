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
  let place = -1;
  let steps = 0;
  let hardLeft: number | null = null;

  function ahead(start: Uint8Array, limit: number): Uint8Array | null {
    if (span === null || (hardLeft !== null && hardLeft <= limit * PAGES_AHEAD)) return null;
    const end = bytesOf(numberOf(start) + span);
    return end && isAfter(end, start) && isBefore(end, hardEnd) ? end : null;
  }

  /** Longer and longer steps at one place. */
  function acrossTheGap(start: Uint8Array): void {
    const differs = firstDifference(start, lastKey ?? first);
    steps = differs === place ? steps + 1 : 0;
    place = differs;
    const end = beyond(start, differs, 3 ** steps);
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
      if (count > 0) place = -1;
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

/**
 * The next end behind one up to which nothing stood: some letters on where it differs from the last key, and one place
 * to the left where the letters are through.
 */
export function beyond(start: Uint8Array, differs: number, letters: number): Uint8Array | null {
  const letter = (start[differs] ?? 0) + letters;
  if (letter <= LETTER_Z) return Uint8Array.from([...start.subarray(0, differs), letter]);
  for (let at = differs - 1; at >= 0; at--) {
    const byte = start[at] ?? 0xff;
    if (byte < LETTER_Z) return Uint8Array.from([...start.subarray(0, at), byte + 1]);
  }
  return null;
}

function firstDifference(one: Uint8Array, other: Uint8Array): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at++;
  return at;
}
