/**
 * Which names have been seen, by a number of 53 bits each, not by the name: hundreds of thousands of handles of 80
 * characters would fill the memory. Two of a million names bear the same number once in 18,000 times; then one suspect is
 * not named, and nobody is accused.
 */
export interface Seen {
  add(name: string): void;
  has(name: string): boolean;
}

export function makeSeen(): Seen {
  const numbers = new Set<number>();
  return {
    add: (name) => void numbers.add(numberOf(name)),
    has: (name) => numbers.has(numberOf(name)),
  };
}

const LOW_BITS = 21;
const { imul } = Math;

/** Two lanes of FNV-1a with different beginnings, each stirred well, joined to 32 + 21 bits. */
function numberOf(name: string): number {
  let a = 0x811c9dc5;
  let b = 0x9e3779b1;
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    a = imul(a ^ unit, 0x01000193);
    b = imul(b ^ unit, 0x85ebca6b);
  }
  return stirred(a) * 2 ** LOW_BITS + (stirred(b) >>> (32 - LOW_BITS));
}

function stirred(lane: number): number {
  const once = imul(lane ^ (lane >>> 16), 0x7feb352d);
  const twice = imul(once ^ (once >>> 15), 0x846ca68b);
  return (twice ^ (twice >>> 16)) >>> 0;
}
