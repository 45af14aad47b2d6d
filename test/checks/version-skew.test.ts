import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/version-skew.js';
import { healthy, withStatus, withUnreachable } from '../facts.js';

describe('version-skew', () => {
  it.each([
    ['3.5.16', 'ok', 'All run etcd 3.5.16'],
    ['3.5.17', 'info', 'The members run etcd 3.5.16 and 3.5.17'],
    ['3.6.7', 'warning', 'The members run etcd 3.5.16 and 3.6.7'],
  ])('m2 on %s: %s', (version, severity, summary) => {
    expect(check.run(withStatus(healthy(), 'm2', { version }))).toMatchObject([{ severity, summary }]);
  });

  it('says whose version was not read', () => {
    expect(check.run(withUnreachable(healthy(), 'm3'))[0]?.summary).toBe('All run etcd 3.5.16; m3 not read');
  });
});
