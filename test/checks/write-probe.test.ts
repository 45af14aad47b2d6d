import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/write-probe.js';
import { unknown } from '../../src/domain/fact.js';
import { FULL_WORDS, healthy, withFact, withWriteProbe } from '../facts.js';

describe('write-probe', () => {
  it('passes when the write was accepted, and says how long it took', () => {
    expect(check.run(withWriteProbe(healthy(), true))).toEqual([
      { severity: 'ok', summary: 'A test write was accepted in 12 ms' },
    ]);
  });

  it.each([
    [FULL_WORDS, 'Approve the fix'],
    ['etcdserver: corrupt cluster', 'Look at the leader'],
  ])("tells etcd's words: %s", (words, advice) => {
    const [found] = check.run(withWriteProbe(healthy(), false, words));
    expect(found).toMatchObject({ severity: 'critical', summary: `calico-prod refuses writes: ${words}` });
    expect(found?.advice).toContain(advice);
  });

  it('is unknown where nobody saw the end of the write', () => {
    const [found] = check.run(
      withFact(healthy(), 'write-probe', unknown('timeout', 'no answer within 1.5 s')),
    );
    expect(found?.severity).toBe('unknown');
  });
});
