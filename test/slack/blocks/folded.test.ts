import { describe, expect, it } from '@jest/globals';
import { unreadSummary, type Finding } from '../../../src/domain/finding.js';
import { folded } from '../../../src/slack/blocks/folded.js';

function unread(title: string, reason: string): Finding {
  const summary = unreadSummary(title, reason);
  return {
    check: title.toLowerCase(),
    title,
    summary,
    severity: 'unknown',
    why: 'It matters',
    runbook: null,
  };
}

const SILENT = 'api:6443 gave no answer within 4000 ms.';
const full: Finding = { ...unread('Quota', ''), severity: 'critical', summary: 'It is full' };

describe('Checks that could not be read', () => {
  it.each<[string, readonly Finding[], readonly string[]]>([
    [
      'are told together where one reason is behind several, in the place of the first',
      [full, unread('Pods', SILENT), unread('Nodes', SILENT), unread('Flags', SILENT)],
      ['Quota: It is full', 'Pods, Nodes, Flags: 3 checks could not be read'],
    ],
    [
      'are so also where one of them has waited longer than the others',
      [unread('Pods', SILENT), unread('Nodes', SILENT.replace('4000', '2000')), unread('Flags', SILENT)],
      ['Pods, Nodes, Flags: 3 checks could not be read'],
    ],
    [
      'stand for themselves where they share a fact only',
      [unread('Pods', SILENT), unread('Nodes', SILENT)],
      [`Pods: Pods: could not be read (${SILENT})`, `Nodes: Nodes: could not be read (${SILENT})`],
    ],
    [
      'stand for themselves where the reasons differ',
      ['events', 'nodes', 'pods'].map((what) => unread(what, `may not list ${what}`)),
      ['events', 'nodes', 'pods'].map((what) => `${what}: ${what}: could not be read (may not list ${what})`),
    ],
  ])('%s', (_, findings, told) => {
    expect(folded(findings).map(({ title, summary }) => `${title}: ${summary}`)).toEqual(told);
  });

  it('say the reason once, as evidence', () => {
    const [one] = folded(['Pods', 'Nodes', 'Flags'].map((title) => unread(title, SILENT)));
    expect(one).toMatchObject({ severity: 'unknown', evidence: [SILENT] });
    expect(one?.summary).not.toContain(SILENT);
  });
});
