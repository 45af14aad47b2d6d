import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ALERT_SEVERITIES, type AlertRule } from '../../src/domain/alerting/rule.js';
import { unknown } from '../../src/domain/fact.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { healthy, NOW, withUnreachable } from '../facts.js';
import { judged, look, verdict, words } from './look.js';

const FOLDER = new URL('../../src/alerts/', import.meta.url);
const RUNBOOKS = readdirSync(new URL('../../src/runbooks/', import.meta.url)).map((file) =>
  file.replace('.ts', ''),
);

// One after the other: Jest loses modules that several dynamic imports share when they run at once.
const rules: (readonly [id: string, rule: AlertRule])[] = [];
for (const file of readdirSync(FOLDER)) {
  const entry = (await import(new URL(file, FOLDER).href)) as { readonly default: AlertRule };
  rules.push([file.replace('.ts', ''), entry.default]);
}

const MEMBERS = ['m1', 'm2', 'm3'];

/** Nothing was asked, everything failed, everybody refused. */
const BLIND: readonly (readonly [string, Snapshot])[] = [
  ['nothing was asked', { ...healthy(), facts: {} }],
  [
    'nothing could be read',
    {
      ...healthy(),
      facts: {
        members: unknown('not-read', 'not read', NOW),
        status: unknown('not-read', 'not read', NOW),
        metrics: unknown('not-read', 'not read', NOW),
        alarms: unknown('not-read', 'not read', NOW),
        certificates: unknown('not-read', 'not read', NOW),
      },
    },
  ],
  ['no member is known', { ...healthy(), endpoints: [], facts: {} }],
];

/** These see other things than the cluster's facts, and may well say that all is well. */
const FROM_ELSEWHERE: ReadonlySet<string> = new Set([
  'backup-old',
  'quota-forecast',
  'database-growth',
  'compaction-stopped',
]);

describe('every alert rule', () => {
  it('has a title of its own', () => {
    const titles = rules.map(([, rule]) => rule.title.toLowerCase());
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  it.each(rules)('%s speaks in well-formed sentences', (_, { title, means, advice }) => {
    expect(title).toMatch(/^[A-Z][^.!\n]*[^.!\s]$/);
    for (const sentence of [means, advice])
      expect(sentence).toMatch(/^(?:[A-Z]|etcd )[^!\n]{20,}[^.!,;:\s]$/);
  });

  it.each(rules)('%s names a cause, and a runbook only that there is', (_, { cause, joins, runbook }) => {
    const causes = new Set(rules.map(([, rule]) => rule.cause));
    expect(cause).toMatch(/^[a-z-]+$/);
    for (const one of joins ?? []) {
      expect(causes).toContain(one);
      expect(one).not.toBe(cause);
    }
    if (runbook !== null) expect(RUNBOOKS).toContain(runbook);
    expect(runbook).not.toBe('move-leader');
  });

  it.each(rules)('%s swallows only rules that there are, and that may share its incident', (_, rule) => {
    for (const id of rule.swallows ?? []) {
      const other = rules.find(([name]) => name === id)?.[1];
      expect([other?.cause, ...(other?.joins ?? [])]).toContain(rule.cause);
    }
  });

  it.each(rules)('%s has thresholds that say what they are', (_, { thresholds }) => {
    for (const { value, what, unit } of Object.values(thresholds)) {
      expect(value).toBeGreaterThan(0);
      if (unit === 'share') expect(value).toBeLessThanOrEqual(1);
      expect(what).toMatch(/^[^.!\n]{5,}[^.!\s]$/);
    }
  });

  it.each(rules)('%s waits for a known time', (_, rule) => {
    const own = Object.fromEntries(Object.entries(rule.thresholds).map(([name, { value }]) => [name, value]));
    for (const severity of ALERT_SEVERITIES) expect(rule.forMs(severity, own)).toBeGreaterThanOrEqual(0);
  });

  it.each(rules)('%s does not fire on a healthy cluster', (_, rule) => {
    expect(['clear', 'unknown']).toContain(verdict(judged(rule)));
    for (const firing of ALERT_SEVERITIES)
      expect(['clear', 'unknown']).toContain(verdict(judged(rule, { firing })));
  });

  describe.each(BLIND)('where %s', (_, snapshot) => {
    it.each(rules)('%s neither fires nor says that all is well', (id, rule) => {
      for (const firing of [null, ...ALERT_SEVERITIES]) {
        const reading = judged(rule, { snapshot, activity: [], firing });
        expect(words(reading)).not.toBe('');
        if (FROM_ELSEWHERE.has(id)) expect(reading.state).not.toBe('firing');
        else expect(reading.state).toBe('unknown');
      }
    });
  });

  it.each(rules)('%s judges silent members without a mishap', (_, rule) => {
    const snapshots = MEMBERS.reduce<readonly Snapshot[]>(
      (all, member) => [...all, withUnreachable(all.at(-1) ?? healthy(), member)],
      [look().snapshot],
    );
    for (const snapshot of snapshots) expect(words(judged(rule, { snapshot }))).not.toBe('');
  });

  it('leaves blindness to the survey of all clusters', () => {
    const blind = rules.find(([id]) => id === 'monitor-blind')?.[1];
    expect(blind && verdict(judged(blind))).toBe('unknown');
  });
});
