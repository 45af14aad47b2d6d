import type { Threshold, Thresholds, ThresholdUnit } from '../domain/alerting/rule.js';

/** The alert rules of the catalogue, by id: what may be configured is known by them alone. */
export type KnownRules = ReadonlyMap<string, { readonly thresholds: Thresholds }>;

/** What may be written of the rules, for editors. */
export function thresholdsJsonSchema(rules: KnownRules): Record<string, unknown> {
  const properties = [...rules].map(([id, { thresholds }]) => {
    const limits = Object.entries(thresholds).map(([name, one]) => [name, limitJsonSchema(one)]);
    return [id, mapJsonSchema(Object.fromEntries(limits) as Record<string, unknown>)];
  });
  return mapJsonSchema(Object.fromEntries(properties) as Record<string, unknown>);
}

function mapJsonSchema(properties: Record<string, unknown>): Record<string, unknown> {
  return { type: 'object', properties, additionalProperties: false };
}

function limitJsonSchema({ unit, value, what }: Threshold): Record<string, unknown> {
  return { type: ['number', 'string'], description: what, default: asWritten(unit, value) };
}

const SPANS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const SIZES = { GiB: 2 ** 30, MiB: 2 ** 20, KiB: 2 ** 10, B: 1 };

/** In the largest unit that leaves no rest. */
function asWritten(unit: ThresholdUnit, value: number): string | number {
  if (unit !== 'duration' && unit !== 'bytes') return value;
  const units = Object.entries(unit === 'duration' ? SPANS : SIZES);
  const fits = units.find(([, one]) => value > 0 && value % one === 0);
  return fits === undefined ? value : `${String(value / fits[1])}${fits[0]}`;
}
