import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/member-reachable.js';
import { unknown } from '../../src/domain/fact.js';
import { hexId } from '../../src/domain/units.js';
import {
  healthy,
  IDS,
  withFact,
  withListed,
  withMembers,
  withMetrics,
  withoutStatus,
  withUnreachable,
} from '../facts.js';

/** A member that never started has no name yet. */
const UNNAMED = hexId(IDS[4] ?? '');

describe('member-reachable', () => {
  it.each([
    ['unreachable', 'm3 cannot be reached: no connection'],
    ['timeout', 'm3 did not answer in time'],
    ['unavailable', 'm3 answers that it is not available'],
    ['tls', 'm3 refuses the connection: the TLS handshake failed'],
    ['auth', "m3 refuses the bot's user or password"],
    ['denied', 'm3 does not let the bot read its status'],
    ['wrong-cluster', 'm3 belongs to another cluster than the one known by this name'],
    ['failed', 'm3 could not be read'],
  ] as const)('%s is said in words', (code, summary) => {
    const found = check.run(withUnreachable(healthy(), 'm3', code, 'as the client says'));
    expect(found).toMatchObject([
      { severity: 'unknown', summary, evidence: ['https://10.0.0.3:2379: as the client says'] },
    ]);
  });

  it('is critical once the quorum is lost, for the silent ones', () => {
    const lost = withUnreachable(withUnreachable(healthy(), 'm2'), 'm3', 'timeout');
    expect(check.run(lost).map((one) => one.severity)).toEqual(['critical', 'critical']);
    const refused = withUnreachable(withUnreachable(healthy(), 'm2'), 'm3', 'auth');
    expect(check.run(refused).map((one) => one.severity)).toEqual(['unknown', 'unknown']);
  });

  it('knows a defragmenting member from a dead one', () => {
    const busy = withMetrics(withoutStatus(healthy(), 'm3', 'timeout'), 'm3', { defragmenting: true });
    expect(check.run(busy)).toMatchObject([{ severity: 'info', advice: 'Wait for it; do not restart it' }]);
  });

  it.each([
    [{ name: 'm9' }, 'unknown', 'm9 is a member, but no configured endpoint leads to it'],
    [
      { name: '', clientUrls: [] },
      'warning',
      `${UNNAMED} was added and never started, and counts for the quorum`,
    ],
    [{ name: '', clientUrls: [], learner: true }, 'warning', `${UNNAMED} was added and never started`],
  ])('finds a listed member that nobody can ask: %j', (patch, severity, summary) => {
    expect(check.run(withListed(healthy(), patch))).toMatchObject([{ severity, summary }]);
  });

  it('does not pass without the member list', () => {
    const blind = withFact(healthy(), 'members', unknown('timeout', 'no answer'));
    expect(check.run(blind)).toMatchObject([{ severity: 'unknown', evidence: ['no answer'] }]);
  });

  it.each([
    [1, 'The member answers'],
    [3, 'All 3 members answer'],
  ])('passes with %d of %d', (count, summary) => {
    expect(check.run(withMembers(count))).toEqual([{ severity: 'ok', summary }]);
  });
});
