import type { Answer, AnswerBody } from '../../src/domain/answer.js';
import type { Finding, Severity } from '../../src/domain/finding.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { NOW, full, healthy, withUnreachable } from '../facts.js';

export function answer(
  body: AnswerBody,
  verb = 'status',
  options: Answer['question']['options'] = {},
): Answer {
  return {
    question: {
      id: 'an-3kT9wZ',
      version: 1,
      verb,
      cluster: 'calico-prod',
      options,
      asker: { teamId: 'T1', userId: 'U1' },
      place: { channel: 'C0PLATFORM' },
      askedAt: NOW,
      facts: ['members', 'status', 'metrics', 'alarms'],
    },
    answeredAt: NOW + 40_000,
    body,
  };
}

export function examined(snapshot: Snapshot, findings: readonly Finding[], verb = 'status'): Answer {
  return answer({ kind: 'examination', environment: 'production', snapshot, findings }, verb);
}

export function finding(severity: Severity, changes: Partial<Finding> = {}): Finding {
  return {
    check: 'leader',
    title: 'Leader',
    severity,
    summary: 'm1 leads, and every member agrees',
    why: 'Without a leader nothing is written',
    runbook: null,
    ...changes,
  };
}

/** What the checks say of the incident. */
export function fullFindings(): readonly Finding[] {
  const advice = 'Approve the fix: compact, defragment each member, then disarm; `/etcd fix` proposes it';
  return [
    finding('critical', {
      check: 'alarm-nospace',
      title: 'NOSPACE alarm',
      summary: 'calico-prod is full: every write is refused (NOSPACE on m1)',
      why: 'While one member carries it the whole cluster refuses every write, and it never clears by itself',
      evidence: ['m1: 2 GiB of 2 GiB (100 %)', 'm2: 2 GiB of 2 GiB (100 %)', 'm3: 2 GiB of 2 GiB (100 %)'],
      advice,
      runbook: 'fix',
    }),
    finding('warning', {
      check: 'uncompacted-history',
      title: 'Uncompacted history',
      summary: '4 812 990 revisions since the last compaction, 224 for each live key',
      why: 'Every revision stays in the database until it is compacted',
      evidence: ['No compaction since this process started, 40 days ago'],
      advice: 'Let clients compact, or set `--auto-compaction-retention`',
      runbook: 'fix',
    }),
    ...okFindings(),
  ];
}

export function okFindings(): readonly Finding[] {
  const titles = ['Leader', 'Members within reach', 'Raft lag', 'Version skew', 'Learners', 'Quorum margin'];
  return titles.map((title) => finding('ok', { check: title.toLowerCase().replaceAll(' ', '-'), title }));
}

export function unreachableFindings(): readonly Finding[] {
  const silent = finding('unknown', {
    check: 'member-reachable',
    title: 'Members within reach',
    summary: 'm3 cannot be reached: no connection',
    evidence: ['https://10.0.0.3:2379: connect ECONNREFUSED'],
    why: 'What cannot be read cannot be judged: trouble on a silent member stays unseen',
    advice: 'See whether its process and its machine run',
  });
  const margin = finding('warning', {
    check: 'quorum-margin',
    title: 'Quorum margin',
    summary: 'One more member down and calico-prod stops',
    why: 'Writes need two of three members',
    advice: 'Bring m3 back before anything else is touched',
  });
  return [silent, margin, ...okFindings().filter(({ title }) => !/^(Members|Quorum)/.test(title))];
}

export const HEALTHY = (): Answer => examined(healthy(), okFindings());
export const FULL = (): Answer => examined(full(healthy()), fullFindings());
export const UNREACHABLE = (): Answer => examined(withUnreachable(healthy(), 'm3'), unreachableFindings());
