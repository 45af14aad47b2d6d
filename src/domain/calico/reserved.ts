import { shared, sizeOf, type Cidr, type Span } from './cidr.js';

/** How many addresses of the range are kept back. `spans` do not overlap: see `merged`. */
export function reservedIn(range: Span, spans: readonly Span[]): bigint {
  return spans.reduce((sum, span) => {
    const part = shared(range, span);
    return part ? sum + sizeOf(part) : sum;
  }, 0n);
}

/** How many of these places of a block are kept back. */
export function reservedAmong(places: readonly number[], block: Cidr, spans: readonly Span[]): number {
  const parts = spans.flatMap((span) => shared(block, span) ?? []);
  if (parts.length === 0) return 0;
  const ranges = parts.map(({ first, last }) => [Number(first - block.first), Number(last - block.first)]);
  return places.filter((place) => ranges.some(([from = 0, to = -1]) => place >= from && place <= to)).length;
}

/** Blocks of this prefix that are kept back as a whole: Calico passes them over. */
export function reservedBlocks(pool: Span, blockSize: bigint, spans: readonly Span[]): bigint {
  return spans.reduce((sum, span) => {
    const part = shared(pool, span);
    if (!part) return sum;
    const from = (part.first - pool.first + blockSize - 1n) / blockSize;
    const to = (part.last + 1n - pool.first) / blockSize;
    return to > from ? sum + to - from : sum;
  }, 0n);
}
