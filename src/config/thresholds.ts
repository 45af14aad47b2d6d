import type { Thresholds, ThresholdUnit } from '../domain/alerting/rule.js';
import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';
import type { ThresholdsEntry } from './alerts-schema.js';
import { nearest } from './keys.js';
import type { Path, Problems } from './problems.js';
import type { KnownRules } from './known-rules.js';
import { parseDuration, parseSize } from './units.js';

/** Values by rule id and threshold name. */
export type Limits = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What is written in one place, each value by its threshold's unit. */
export function readThresholds(
  problems: Problems,
  path: Path,
  { given, rules }: { readonly given: ThresholdsEntry; readonly rules: KnownRules },
): Limits {
  const limits = Object.entries(given).map(([id, values]) => {
    const known = rules.get(id)?.thresholds;
    if (known === undefined)
      problems.add([...path, id], `is not an alert rule; ${hint(id, [...rules.keys()])}`);
    const read = Object.entries(values).flatMap(([name, value]) => {
      const limit = known && readLimit(problems, [...path, id, name], { known, name, value });
      return limit === undefined ? [] : [[name, limit] as const];
    });
    return [id, Object.fromEntries(read)] as const;
  });
  return Object.fromEntries(limits);
}

interface Written {
  readonly known: Thresholds;
  readonly name: string;
  readonly value: string | number;
}

function readLimit(problems: Problems, path: Path, { known, name, value }: Written): number | undefined {
  const threshold = Object.hasOwn(known, name) ? known[name] : undefined;
  if (threshold === undefined) {
    problems.add(path, `is not a threshold of this rule; ${hint(name, Object.keys(known))}`);
    return undefined;
  }
  const limit = parseLimit(threshold.unit, value);
  if (limit.ok) return limit.value;
  problems.add(path, limit.reason);
  return undefined;
}

function hint(given: string, known: readonly string[]): string {
  const meant = nearest(given, known);
  return meant === undefined ? `known here: ${known.join(', ')}` : `did you mean \`${meant}\`?`;
}

/** As people write it: 0.8 or 80% → 0.8, 15m → milliseconds, 8GiB → bytes, 4. */
export function parseLimit(unit: ThresholdUnit, given: string | number): Verdict<number> {
  const text = String(given).trim();
  if (unit === 'bytes') return parseSize(typeof given === 'number' ? given : text);
  if (unit === 'duration') return parseDuration(text);
  if (unit === 'share') return parseShare(text);
  if (unit === 'seconds' && typeof given === 'string') return parseSeconds(text);
  const number = Number(text);
  if (text === '' || !Number.isFinite(number) || number < 0) return no(NUMBERS[unit]);
  return unit === 'count' && !Number.isInteger(number) ? no(NUMBERS.count) : yes(number);
}

const NUMBERS = {
  count: 'must be a whole number, 0 or more',
  seconds: 'must be a number of seconds or a duration; write for example 0.5 or 500ms',
  perSecond: 'must be a number a second, 0 or more; write for example 0.5',
} as const;

function parseShare(text: string): Verdict<number> {
  const found = /^(\d+(?:\.\d+)?)\s?(%?)$/.exec(text);
  const share = found === null ? NaN : Number(found[1]) / (found[2] === '%' ? 100 : 1);
  return share >= 0 && share <= 1 ? yes(share) : no('must be a share; write for example 0.8 or 80%');
}

function parseSeconds(text: string): Verdict<number> {
  if (/^\d+(\.\d+)?$/.test(text)) return yes(Number(text));
  const span = parseDuration(text);
  return span.ok ? yes(span.value / 1000) : no(NUMBERS.seconds);
}

/** Complete for every rule: its own values, and what a closer place says instead. */
export function limitsFrom(rules: KnownRules, layers: readonly Limits[]): Limits {
  const limits = [...rules].map(([id, { thresholds }]) => {
    const own = Object.entries(thresholds).map(([name, { value }]) => [name, value] as const);
    return [id, Object.assign({}, Object.fromEntries(own), ...layers.map((layer) => layer[id]))] as const;
  });
  return Object.fromEntries(limits);
}
