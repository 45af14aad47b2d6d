import { z } from 'zod';
import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';
import { parseDuration, parseSize, SIZE } from './units.js';

/* The kinds of value that the configuration is made of. A `pattern` is for editors, and is not checked here. */

const DAY = 86_400_000;
const DURATION_PATTERN = '^(0|(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?)$';

export function text(about: string, pattern?: string) {
  const meta = { description: about, ...(pattern === undefined ? {} : { pattern }) };
  return z.string().min(1, 'is empty; give it a value or take the line out').meta(meta);
}

export function count(about: string, least: number) {
  return z
    .int()
    .min(least, `must be ${String(least)} or more`)
    .describe(about);
}

export function duration(about: string, leastMs: number) {
  const source = z.string({ error: durationType }).meta({ description: about, pattern: DURATION_PATTERN });
  return source.transform((given, context) => settle(within(parseDuration(given), leastMs), context));
}

function durationType(issue: { readonly input?: unknown }): string | undefined {
  return typeof issue.input === 'number'
    ? 'has no unit; write for example 15s, 10m, 1h30m or 500ms'
    : undefined;
}

/** Longer than a timer of Node can wait (24.8 days) makes no sense for anything here. */
function within(parsed: Verdict<number>, leastMs: number): Verdict<number> {
  if (!parsed.ok) return parsed;
  if (parsed.value < leastMs) return no(`is too short; at least ${String(leastMs)}ms`);
  return parsed.value > 7 * DAY ? no('is too long; at most 7d') : parsed;
}

/** A value, or the problem that it has. */
export function settle<T>(parsed: Verdict<T>, context: z.RefinementCtx): T {
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.reason });
  return z.NEVER;
}

/** YAML 1.1 takes the words `on` and `off` for true and false. */
export const OnOff = z
  .union([z.boolean(), z.enum(['on', 'off'])], { error: 'must be `on` or `off`' })
  .transform((given) => given === true || given === 'on');

export const Size = z
  .union([z.int(), z.string().meta({ pattern: SIZE.source })], {
    error: 'is not a size; write for example 2GiB, 16MiB or plain bytes',
  })
  .transform((given, context) => settle(parseSize(given), context));

export const ClusterId = z
  .union([z.string(), z.int(), z.bigint()], {
    error: 'must be the cluster’s id, decimal or hex with 0x, in quotes',
  })
  .transform((given, context) => settle(parseClusterId(String(given)), context));

/** etcdctl shows ids in hex, so text with a letter is hex also without 0x; digits alone are decimal. */
function parseClusterId(given: string): Verdict<string> {
  const hex = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(given)?.[1];
  const id = /^\d{1,20}$/.test(given) ? BigInt(given) : hex === undefined ? 0n : BigInt(`0x${hex}`);
  if (id > 0n && id < 2n ** 64n) return yes(String(id));
  return no('is not a cluster id; write it as decimal or as hex with 0x, in quotes');
}
