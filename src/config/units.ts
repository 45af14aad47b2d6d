import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';

const MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

export const DURATION = /^(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/;
export const SIZE = /^(\d+(?:\.\d+)?)\s?([KMGT]iB|B)?$/;

/** `15s`, `10m`, `1h30m`, `500ms` → milliseconds. */
export function parseDuration(text: string): Verdict<number> {
  if (text === '0') return yes(0);
  if (/^\d+(\.\d+)?$/.test(text)) return no('has no unit; write for example 15s, 10m, 1h30m or 500ms');
  if (text === '' || !DURATION.test(text)) {
    return no('is not a duration; write for example 15s, 10m, 1h30m or 500ms, the largest unit first');
  }
  const parts = [...text.matchAll(/(\d+)(ms|[smhd])/g)];
  return yes(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (MS[unit ?? ''] ?? 0), 0));
}

/** `2GiB`, `16MiB`, `1.5GiB`, `2147483648` → bytes. */
export function parseSize(given: string | number): Verdict<number> {
  const found = SIZE.exec(String(given));
  if (found === null) return no(sizeHint(String(given)));
  const size = Number(found[1]) * (BYTES[found[2] ?? 'B'] ?? 0);
  if (!Number.isSafeInteger(size)) return no('is not a whole number of bytes; write for example 2GiB');
  return size > 0 ? yes(size) : no('must be more than 0 bytes; write for example 2GiB');
}

/** `2GB` is 7 % off from what etcd's flag takes, so it is asked for, not guessed. */
function sizeHint(text: string): string {
  const decimal = /^\d+(?:\.\d+)?\s?([KMGT])(B|i)?$/i.exec(text)?.[1]?.toUpperCase();
  if (decimal === undefined) return 'is not a size; write for example 2GiB, 16MiB or plain bytes';
  return `may be read in two ways; write ${decimal}iB for powers of 1024, or plain bytes`;
}
