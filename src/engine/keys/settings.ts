import type { Question } from '../../domain/answer.js';
import { no, yes, type Verdict } from '../../domain/errors.js';
import { afterPrefix, type KeyRange } from '../../domain/keyspace.js';
import { milliseconds } from '../../domain/units.js';

export interface LookSettings {
  /** '': everything. */
  readonly prefix: string;
  readonly range: KeyRange;
}

export interface ScanSettings extends LookSettings {
  /** Keys a second; null: as fast as it goes. */
  readonly rate: number | null;
  /** Nobody chose the rate, so that bytes are held back, too. */
  readonly gentle: boolean;
  /** Every value is read for its length. */
  readonly readAll: boolean;
}

export interface ChurnSettings extends LookSettings {
  readonly forMs: number;
}

/**
 * So that others write on unharmed: see `test/bench/keys.ts`. Pages are short, but a few of them per look walk over a
 * whole folder, and writes through that member stand still for so long: the slower the look, the smaller their share.
 */
export const DEFAULT_RATE = 5000;
const LEAST_RATE = 100;
const DEFAULT_FOR_MS = 60_000;
const LEAST_FOR_MS = 5000;
const MOST_FOR_MS = 300_000;

export function scanSettings({ options }: Question): Verdict<ScanSettings> {
  const rate = rateOf(options['rate']);
  if (!rate.ok) return rate;
  const gentle = options['rate'] === undefined;
  return yes({ ...lookOf(options), rate: rate.value, gentle, readAll: options['bytes'] === true });
}

export function churnSettings({ options }: Question): Verdict<ChurnSettings> {
  const typed = options['for'];
  const forMs = typeof typed === 'string' ? milliseconds(typed.toLowerCase()) : DEFAULT_FOR_MS;
  if (forMs !== null && forMs >= LEAST_FOR_MS && forMs <= MOST_FOR_MS)
    return yes({ ...lookOf(options), forMs });
  const why = forMs === null ? 'is no time span' : forMs > MOST_FOR_MS ? 'is too long' : 'is too short';
  return no(`“${String(typed)}” ${why}: I watch for 5 seconds to 5 minutes.`, [
    'Type `--for 30s`, or `--for 2m`; left out, I watch for a minute.',
  ]);
}

function lookOf(options: Question['options']): LookSettings {
  const typed = options['prefix'];
  const prefix = typeof typed === 'string' ? typed : '';
  const bytes = Buffer.from(prefix);
  // The zero byte stands for the first key there can be, and as an end for the last.
  return { prefix, range: { from: prefix === '' ? Uint8Array.of(0) : bytes, end: afterPrefix(bytes) } };
}

function rateOf(typed: string | boolean | undefined): Verdict<number | null> {
  if (typeof typed !== 'string') return yes(DEFAULT_RATE);
  if (typed.toLowerCase() === 'max') return yes(null);
  const [, digits, thousands] = /^(\d{1,9})(k?)$/i.exec(typed) ?? [];
  const rate = Number(digits) * (thousands ? 1000 : 1);
  if (rate >= LEAST_RATE) return yes(rate);
  const why = Number.isNaN(rate) ? 'is no rate' : `is too slow: the least is ${String(LEAST_RATE)}`;
  return no(`“${typed}” ${why}.`, [
    `Type how many keys a second, \`--rate ${String(DEFAULT_RATE)}\` (which is what I do by myself), or \`--rate max\`.`,
  ]);
}
