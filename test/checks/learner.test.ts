import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/learner.js';
import { unknown } from '../../src/domain/fact.js';
import { healthy, withFact, withListed, withStatus, withUnreachable } from '../facts.js';

const INDEX = 1_398_210;

describe('learner', () => {
  it.each([
    [5000, 'info', 'Promote m3'],
    [5001, 'warning', 'See whether m3 still catches up'],
  ])('a learner %d entries behind: %s', (late, severity, advice) => {
    const [found] = check.run(withStatus(healthy(), 'm3', { learner: true, appliedIndex: INDEX - late }));
    expect(found?.severity).toBe(severity);
    expect(found?.advice).toContain(advice);
    expect(found?.summary).toContain('m3 is a learner');
  });

  it('reports a learner that was not read', () => {
    expect(check.run(withListed(healthy(), { name: 'm9', learner: true }))).toEqual([
      { severity: 'info', summary: 'm9 is a learner, and was not read' },
    ]);
  });

  it('passes without learners, and says who was not seen where the list is missing too', () => {
    expect(check.run(withUnreachable(healthy(), 'm3'))[0]?.summary).toBe('No learner');
    const blind = withFact(withUnreachable(healthy(), 'm3'), 'members', unknown('timeout', 'no answer'));
    expect(check.run(blind)[0]?.summary).toBe('No learner; 10.0.0.3:2379 not read');
  });
});
