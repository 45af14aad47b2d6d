import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/raft-lag.js';
import { healthy, withEveryStatus, withListed, withMembers, withStatus, withUnreachable } from '../facts.js';
import { onVersion } from '../facts.js';

const INDEX = 1_398_210;

describe('raft-lag', () => {
  it.each([
    ['applied', 1000, 'ok'],
    ['applied', 1001, 'warning'],
    ['applied', 5000, 'warning'],
    ['applied', 5001, 'critical'],
    ['received', 1000, 'ok'],
    ['received', 1001, 'warning'],
    ['received', 5001, 'critical'],
  ])('%s %d entries late: %s', (kind, late, severity) => {
    const patch = kind === 'applied' ? {} : { raftIndex: INDEX - late };
    const found = check.run(withStatus(healthy(), 'm2', { ...patch, appliedIndex: INDEX - late }));
    expect(found.map((one) => one.severity)).toEqual([severity]);
  });

  it('names who is late and by how much', () => {
    const [found] = check.run(withStatus(healthy(), 'm2', { appliedIndex: INDEX - 6000 }));
    expect(found?.summary).toBe(
      'm2 is up to 6\u202f000 raft entries behind; etcd refuses requests beyond 5\u202f000',
    );
  });

  it('compares raft indexes where etcd before 3.4 does not say what it applied', () => {
    const old = onVersion(healthy(), '3.3.25');
    expect(check.run(old)[0]?.severity).toBe('ok');
    expect(check.run(withStatus(old, 'm2', { raftIndex: INDEX - 1001 }))[0]?.severity).toBe('warning');
    expect(check.run(onVersion(withMembers(1), '3.3.25'))[0]?.severity).toBe('unknown');
  });

  it('says which member was not read', () => {
    expect(check.run(withUnreachable(healthy(), 'm3'))[0]?.summary).toBe(
      'At most 0 entries behind; m3 not read',
    );
  });

  it('leaves learners to their own check', () => {
    const learner = withStatus(withMembers(3), 'm3', { learner: true, appliedIndex: 0 });
    expect(check.run(withListed(learner, { learner: true }))[0]?.severity).toBe('ok');
  });

  it('measures a single member by what it has applied itself', () => {
    expect(check.run(withEveryStatus(withMembers(1), { appliedIndex: INDEX - 2000 }))[0]?.severity).toBe(
      'warning',
    );
  });
});
