import type { Alarm } from './snapshot.js';

/**
 * The alarms among the errors of a member's Status, which prints each as "memberID:<decimal> alarm:NOSPACE ". The
 * member id is left out where it is 0; other errors ("etcdserver: no leader") are no alarms.
 */
export function alarmsFromErrors(errors: readonly string[]): readonly Alarm[] {
  return errors.flatMap((error) => {
    const kind = /\balarm:\s*(\w+)/.exec(error)?.[1];
    if (kind === undefined) return [];
    return [{ memberId: /\bmemberID:\s*(\d+)/.exec(error)?.[1] ?? '0', kind: alarmKind(kind) }];
  });
}

export function alarmKind(text: string): Alarm['kind'] {
  return text === 'NOSPACE' || text === 'CORRUPT' ? text : 'UNKNOWN';
}
