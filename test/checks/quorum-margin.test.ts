import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/quorum-margin.js';
import { unknown } from '../../src/domain/fact.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import {
  healthy,
  withFact,
  withListed,
  withMembers,
  withMetrics,
  withoutStatus,
  withUnreachable,
} from '../facts.js';

function down(count: number, members: readonly string[]): Snapshot {
  return members.reduce((snapshot, member) => withUnreachable(snapshot, member), withMembers(count));
}

describe('quorum-margin', () => {
  it.each([
    [1, [], 'info', 'One voter: there is no margin by design, its loss stops everything'],
    [1, ['m1'], 'critical', 'Quorum is lost: 0 of 1 voters can be reached, 1 are needed'],
    [2, [], 'info', 'Two voters: there is no margin by design, the loss of either one stops everything'],
    [2, ['m2'], 'critical', 'Quorum is lost: 1 of 2 voters can be reached, 2 are needed'],
    [3, [], 'ok', '3 of 3 voters are up, 2 are needed'],
    [3, ['m3'], 'warning', 'One more loss stops everything: m3 is down, 2 of 3 voters left'],
    [3, ['m2', 'm3'], 'critical', 'Quorum is lost: 1 of 3 voters can be reached, 2 are needed'],
    [5, ['m5'], 'info', '4 of 5 voters are up, 3 are needed'],
    [5, ['m4', 'm5'], 'warning', 'One more loss stops everything: m4 and m5 are down, 3 of 5 voters left'],
    [5, ['m3', 'm4', 'm5'], 'critical', 'Quorum is lost: 2 of 5 voters can be reached, 3 are needed'],
  ])('%d members, down %j: %s', (...[count, members, severity, summary]) => {
    expect(check.run(down(count, members))).toMatchObject([{ severity, summary }]);
  });

  it.each(['auth', 'denied', 'tls', 'wrong-cluster'] as const)(
    'a refusal (%s) is no proof of a loss',
    (code) => {
      const one = withUnreachable(healthy(), 'm3', code, 'refused');
      expect(check.run(one)[0]?.severity).toBe('unknown');
      expect(check.run(withUnreachable(one, 'm2', code, 'refused'))[0]?.severity).toBe('unknown');
    },
  );

  it('does not take a member for dead because it defragments', () => {
    const busy = withMetrics(withoutStatus(healthy(), 'm3', 'timeout'), 'm3', { defragmenting: true });
    expect(check.run(busy)[0]).toMatchObject({ severity: 'ok' });
    expect(check.run(busy)[0]?.evidence).toContain('m3: defragmenting');
  });

  it('counts a voter that was added and never started, but no learner', () => {
    const [found] = check.run(withListed(healthy(), { name: '', clientUrls: [] }));
    expect(found).toMatchObject({ severity: 'warning' });
    expect(found?.summary).toContain('3 of 4 voters left');
    expect(check.run(withListed(healthy(), { learner: true }))[0]?.severity).toBe('ok');
  });

  it('is not sure of a member that no endpoint leads to', () => {
    const [found] = check.run(withListed(withMembers(2), { name: 'm9', clientUrls: [] }));
    expect(found).toMatchObject({ severity: 'unknown' });
    expect(found?.summary).toContain("m9 can't be judged");
  });

  it('is not sure without the member list, except that a lost quorum is lost', () => {
    const blind = withFact(healthy(), 'members', unknown('timeout', 'no answer'));
    expect(check.run(blind)[0]?.severity).toBe('unknown');
    const lost = withUnreachable(withUnreachable(blind, 'm2'), 'm3');
    expect(check.run(lost)[0]?.severity).toBe('critical');
  });

  it('counts silent endpoints that are names for the members that advertise addresses', () => {
    const names = ['https://10.0.0.1:2379', 'https://b:2379', 'https://c:2379'];
    const silent = withUnreachable(withUnreachable(healthy(), 'm2'), 'm3');
    expect(check.run({ ...silent, endpoints: names })[0]).toMatchObject({ severity: 'unknown' });
    const told = names.map((endpoint, index) => ({
      endpoint,
      fact: index === 0 ? entry(silent, 0) : unknown('unreachable', 'connect ECONNREFUSED'),
    }));
    const snapshot = withFact({ ...silent, endpoints: names }, 'status', {
      known: true,
      value: told,
      at: 0,
      tookMs: 0,
    });
    expect(check.run(snapshot)[0]?.summary).toBe(
      'Quorum is lost: 1 of 3 voters can be reached, 2 are needed',
    );
  });
});

function entry(snapshot: Snapshot, index: number): ReturnType<typeof statuses>[number]['fact'] {
  return statuses(snapshot)[index]?.fact ?? unknown('not-read', 'none');
}

function statuses(
  snapshot: Snapshot,
): Extract<NonNullable<Snapshot['facts']['status']>, { known: true }>['value'] {
  return snapshot.facts.status?.known ? snapshot.facts.status.value : [];
}
