import { describe, expect, it } from '@jest/globals';
import { alarmsFromErrors } from '../../src/domain/alarm-text.js';

describe('alarms among the errors of Status', () => {
  it.each([
    { errors: [], alarms: [] },
    { errors: ['etcdserver: no leader'], alarms: [] },
    {
      errors: ['memberID:13803658152347727308 alarm:NOSPACE '],
      alarms: [{ memberId: '13803658152347727308', kind: 'NOSPACE' }],
    },
    {
      errors: ['etcdserver: no leader', 'memberID:1 alarm:NOSPACE', 'memberID:2  alarm:CORRUPT'],
      alarms: [
        { memberId: '1', kind: 'NOSPACE' },
        { memberId: '2', kind: 'CORRUPT' },
      ],
    },
    { errors: ['alarm:CORRUPT '], alarms: [{ memberId: '0', kind: 'CORRUPT' }] },
    { errors: ['memberID:7 alarm:3 '], alarms: [{ memberId: '7', kind: 'UNKNOWN' }] },
  ])('reads $errors', ({ errors, alarms }) => {
    expect(alarmsFromErrors(errors)).toEqual(alarms);
  });
});
