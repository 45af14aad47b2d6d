import type { Family } from './facts.js';

/** Addresses from `first` to `last`, both of them included. */
export interface Span {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

export interface Cidr extends Span {
  readonly prefix: number;
}

const BITS: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

export function bitsOf(family: Family): number {
  return BITS[family];
}

/** `10.0.0.64/26`, `fd00::/64`; an address alone is a range of one. Null: it is none. */
export function parseCidr(text: string): Cidr | null {
  const [address = '', length, ...rest] = text.split('/');
  const family: Family = address.includes(':') ? 6 : 4;
  const value = family === 6 ? parseV6(address) : parseV4(address);
  const bits = BITS[family];
  const prefix = length === undefined ? bits : wholeNumber(length);
  if (value === null || rest.length > 0 || prefix === null || prefix > bits) return null;
  const size = 1n << BigInt(bits - prefix);
  const first = value - (value % size);
  return { family, prefix, first, last: first + size - 1n };
}

export function sizeOf({ first, last }: Span): bigint {
  return last - first + 1n;
}

export function overlaps(a: Span, b: Span): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** The part that both have; null: none. */
export function shared(a: Span, b: Span): Span | null {
  if (!overlaps(a, b)) return null;
  return {
    family: a.family,
    first: a.first > b.first ? a.first : b.first,
    last: a.last < b.last ? a.last : b.last,
  };
}

/** Without overlaps, in order: what is named twice is counted once. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted(inOrder)) {
    const last = result.at(-1);
    const joins = last?.family === span.family && span.first <= last.last + 1n;
    if (!last || !joins) result.push(span);
    else if (span.last > last.last) result[result.length - 1] = { ...last, last: span.last };
  }
  return result;
}

function inOrder(a: Span, b: Span): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.first < b.first ? -1 : Number(a.first > b.first);
}

function parseV4(address: string): bigint | null {
  const parts = address.split('.').map(wholeNumber);
  if (parts.length !== 4) return null;
  return joined(parts, 255, 8n);
}

/** With at most one `::`, and perhaps an IPv4 address at its end. */
function parseV6(address: string): bigint | null {
  const halves = withoutDots(address)?.split('::') ?? [];
  if (halves.length === 0 || halves.length > 2) return null;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return joined([...left, ...Array<string>(missing).fill('0'), ...right].map(hextet), 0xffff, 16n);
}

function withoutDots(address: string): string | null {
  const dotted = /[^:]*\..*$/.exec(address);
  if (!dotted) return address;
  const low = parseV4(dotted[0]);
  if (low === null) return null;
  return `${address.slice(0, dotted.index)}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
}

function joined(parts: readonly (number | null)[], most: number, width: bigint): bigint | null {
  let value = 0n;
  for (const part of parts) {
    if (part === null || part > most) return null;
    value = (value << width) | BigInt(part);
  }
  return value;
}

function wholeNumber(text: string): number | null {
  return /^\d{1,3}$/.test(text) ? Number(text) : null;
}

function hextet(text: string): number | null {
  return /^[0-9a-f]{1,4}$/i.test(text) ? parseInt(text, 16) : null;
}
