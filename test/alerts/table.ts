import { expect, it } from '@jest/globals';
import type { AlertRule, AlertView } from '../../src/domain/alerting/rule.js';
import { judged, verdict, words } from './look.js';

/** A history, what the rule makes of it (a severity, clear or unknown), and what a person reads where that matters. */
export type Row = readonly [what: string, patch: Partial<AlertView>, verdict: string, words?: string];

export function table(rule: AlertRule, rows: readonly Row[]): void {
  it.each(rows.map((row) => ({ row, what: row[0] })))('$what', ({ row: [, patch, expected, said] }) => {
    const reading = judged(rule, patch);
    expect(verdict(reading)).toBe(expected);
    if (said !== undefined) expect(words(reading)).toBe(said);
  });
}
