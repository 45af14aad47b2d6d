import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../../src/domain/finding.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import { diagnosisMessage, findingsOrdered } from '../../../src/slack/blocks/diagnosis.js';
import { statusMessage } from '../../../src/slack/blocks/status.js';
import { verdictOf } from '../../../src/slack/blocks/verdict.js';
import {
  IDS,
  full,
  healthy,
  withAlarms,
  withEveryStatus,
  withMetrics,
  withUnreachable,
  withoutStatus,
} from '../../facts.js';
import { examined, finding, fullFindings, okFindings, unreachableFindings } from '../answers.js';

const CORRUPT = withAlarms(full(healthy()), [{ memberId: IDS[1] ?? '', kind: 'CORRUPT' }]);
const ALL_SILENT = ['m1', 'm2', 'm3'].reduce(
  (snapshot, member) => withUnreachable(snapshot, member),
  healthy(),
);
const BUSY = withMetrics(withoutStatus(healthy(), 'm2'), 'm2', { defragmenting: true });

describe('the verdict', () => {
  const cases: readonly (readonly [string, Snapshot, readonly Finding[]])[] = [
    ['🔴 calico-prod is full: every write is refused', full(healthy()), fullFindings()],
    ['🔴 calico-prod: the data of a member is corrupt, writes are refused', CORRUPT, fullFindings()],
    ['🔴 calico-prod: no leader', healthy(), [finding('critical', { summary: 'no leader' })]],
    ['⚪ calico-prod: m3 does not answer', withUnreachable(healthy(), 'm3'), unreachableFindings()],
    ['⚪ calico-prod does not answer', ALL_SILENT, unreachableFindings()],
    ['⚪ calico-prod: m3 cannot be read', withoutStatus(healthy(), 'm3', 'auth', 'refused'), []],
    ['🟡 calico-prod: m1 is at 82 %', healthy(), [finding('warning', { summary: 'm1 is at 82 %' })]],
    ['🟢 calico-prod is healthy', BUSY, okFindings()],
    ['🟢 calico-prod is healthy', healthy(), [...okFindings(), finding('info')]],
    ['⚪ calico-prod: nothing was checked', healthy(), []],
  ];

  test.each(cases)('%s', (verdict, snapshot, findings) => {
    expect(verdictOf(snapshot, findings)).toBe(verdict);
  });
});

test('findings come worst first, and else as given', () => {
  const given = (['ok', 'info', 'warning', 'unknown', 'critical', 'warning'] as const).map(
    (severity, index) => finding(severity, { title: String(index) }),
  );
  expect(findingsOrdered(given).map(({ title }) => title)).toEqual(['4', '3', '2', '5', '1', '0']);
});

describe('the status', () => {
  test('says where the quota came from', () => {
    const told = (snapshot: Snapshot) => JSON.stringify(statusMessage(examined(snapshot, [])).blocks);
    const blind = ['m1', 'm2', 'm3'].reduce(
      (all, member) => withMetrics(all, member, { quotaBytes: null }),
      healthy(),
    );
    expect(told(healthy())).toContain('quota 2 GiB, from metrics 40 s ago');
    expect(told({ ...blind, configuredQuotaBytes: 8 * 1024 ** 3 })).toContain(
      'quota 8 GiB, from the configuration',
    );
    expect(told(blind)).toContain('quota 2 GiB, default of etcd, not confirmed');
    expect(told(withEveryStatus(blind, { quotaBytes: -1 }))).toContain('quota none, from Status');
    expect(told(withMetrics(healthy(), 'm2', { quotaBytes: 1024 ** 3 }))).toContain('quota of m2: 1 GiB');
  });

  test('shows four findings and counts the others', () => {
    const findings = Array.from({ length: 9 }, (_, index) =>
      finding('warning', { summary: `trouble ${String(index)}` }),
    );
    const told = JSON.stringify(statusMessage(examined(healthy(), findings)).blocks);
    expect(told.match(/🟡 trouble/g)).toHaveLength(4);
    expect(told).toContain('+4 more: Diagnose');
  });

  test('does not take a member for dead that defragments', () => {
    const told = JSON.stringify(statusMessage(examined(BUSY, okFindings())).blocks);
    expect(told).toContain('⏳ defragmenting');
    expect(told).not.toContain('⚪');
  });
});

describe('the diagnosis', () => {
  test('begins with what is wrong and what to do, and says the same advice once', () => {
    const { blocks } = diagnosisMessage(examined(full(healthy()), fullFindings()));
    expect(JSON.stringify(blocks[1])).toContain('*What to do*: Approve the fix');
    expect(JSON.stringify(blocks).match(/Approve the fix/g)).toHaveLength(1);
  });

  test('names what could not be checked', () => {
    const findings = [finding('critical', { summary: 'no leader' }), finding('unknown', { title: 'Alarms' })];
    expect(JSON.stringify(diagnosisMessage(examined(healthy(), findings)).blocks[1])).toContain(
      'Could not be checked: Alarms',
    );
  });
});
