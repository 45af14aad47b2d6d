import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/revision-spread.js';
import { healthy, withMembers, withStatus, withUnreachable } from '../facts.js';

const REVISION = 1_204_331;

describe('revision-spread', () => {
  it.each([
    [1000, 'ok', 'The members are within 1\u202f000 revisions'],
    [1001, 'warning', 'm3 is 1\u202f001 revisions behind m1'],
  ])('%d revisions apart: %s', (spread, severity, summary) => {
    expect(check.run(withStatus(healthy(), 'm3', { revision: REVISION - spread }))).toMatchObject([
      { severity, summary },
    ]);
  });

  it('reminds that members are not read in the same instant', () => {
    const [found] = check.run(withStatus(healthy(), 'm3', { revision: 1 }));
    expect(found?.evidence?.at(-1)).toContain('same instant');
  });

  it('leaves learners out', () => {
    expect(check.run(withStatus(healthy(), 'm3', { revision: 1, learner: true }))[0]?.severity).toBe('ok');
  });

  it.each([
    ['one member', withMembers(1), 'ok'],
    ['one read of two', withUnreachable(withMembers(2), 'm2'), 'unknown'],
    ['two read of three', withUnreachable(healthy(), 'm2'), 'ok'],
  ])('%s', (_case, snapshot, severity) => {
    expect(check.run(snapshot)[0]?.severity).toBe(severity);
  });
});
