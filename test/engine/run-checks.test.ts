import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../src/domain/fact.js';
import type { Check, Severity } from '../../src/domain/finding.js';
import type { FactName, Snapshot } from '../../src/domain/snapshot.js';
import { runChecks } from '../../src/engine/run-checks.js';
import { healthy, withFact, withoutFact } from '../facts.js';

const logged: string[] = [];
const note = (_fields: unknown, message: string): void => void logged.push(message);
const log = { info: note, warn: note, error: note };
const ALL: readonly FactName[] = ['members', 'status', 'metrics', 'alarms', 'live-keys'];

function check(changes: Partial<Check> = {}): Check {
  return {
    title: 'A title',
    why: 'It matters.',
    runbook: 'fix',
    needs: ['status'],
    rank: 1,
    run: () => [{ severity: 'ok', summary: 'fine' }],
    ...changes,
  };
}

function run(checks: Record<string, Check>, snapshot: Snapshot = healthy(), asked = ALL) {
  return runChecks(new Map(Object.entries(checks)), { snapshot, asked }, log);
}

function saying(severity: Severity, rank = 1): Check {
  return check({ rank, run: () => [{ severity, summary: severity }] });
}

describe('running checks', () => {
  it('adds to a finding what the catalogue knows of its check', () => {
    expect(run({ leader: saying('critical') })).toEqual([
      {
        severity: 'critical',
        summary: 'critical',
        check: 'leader',
        title: 'A title',
        why: 'It matters.',
        runbook: 'fix',
      },
    ]);
  });

  it.each<[Severity, string | null]>([
    ['critical', 'fix'],
    ['warning', 'fix'],
    ['unknown', null],
    ['info', null],
    ['ok', null],
  ])('offers the runbook for what is %s: %s', (severity, runbook) => {
    expect(run({ one: saying(severity) })).toMatchObject([{ runbook }]);
  });

  it('puts the worst first, what can’t be seen before a warning, and then goes by rank', () => {
    const findings = run({
      a: saying('ok'),
      b: saying('warning', 2),
      c: saying('unknown'),
      d: saying('warning', 1),
      e: saying('critical'),
      f: saying('info'),
    });
    expect(findings.map((finding) => finding.check)).toEqual(['e', 'c', 'd', 'b', 'f', 'a']);
  });

  it('makes a check that throws unknown, with the others untouched and the reason in the log', () => {
    const throws = check({
      run: () => {
        throw new TypeError('a bug');
      },
    });
    const findings = run({ broken: throws, fine: saying('ok') });
    expect(findings).toMatchObject([
      { check: 'broken', severity: 'unknown' },
      { check: 'fine', severity: 'ok' },
    ]);
    expect(findings[0]?.summary).not.toContain('a bug');
    expect(logged).toContain('a check failed');
  });

  it('makes a check unknown where a fact that it needs could not be read, and does not run it', () => {
    const dark = withFact(healthy(), 'metrics', unknown('timeout', 'no answer within 1.5 s'));
    const needing = check({ needs: ['status', 'metrics'], run: () => [{ severity: 'ok', summary: 'fine' }] });
    expect(run({ one: needing }, dark)).toMatchObject([
      { severity: 'unknown', summary: expect.stringContaining('no answer within 1.5 s') },
    ]);
  });

  it('runs a check without a fact that it can do without', () => {
    const dark = withFact(healthy(), 'metrics', unknown('timeout', 'late'));
    expect(run({ one: check({ uses: ['metrics'] }) }, dark)).toMatchObject([{ severity: 'ok' }]);
  });

  it('never takes a fact for good that was asked for and is not there', () => {
    const findings = run({ one: check({ needs: ['alarms'] }) }, withoutFact(healthy(), 'alarms'));
    expect(findings).not.toMatchObject([{ severity: 'ok' }]);
  });

  it('leaves out a check whose facts nobody asked for', () => {
    const findings = run({ one: check({ needs: ['status', 'metrics'] }) }, healthy(), ['status']);
    expect(findings).toEqual([]);
  });

  it('shows a check only the facts that it names', () => {
    const seen: string[] = [];
    const curious = check({
      needs: ['status'],
      uses: ['alarms'],
      run: ({ facts }) => (seen.push(...Object.keys(facts)), []),
    });
    run({ curious });
    expect(seen.sort()).toEqual(['alarms', 'status']);
  });
});
