import { alarmsFromErrors } from './alarm-text.js';
import { valueOf } from './fact.js';
import type { AlarmReading, Facts } from './snapshot.js';

/**
 * The alarms as the members' Status tells them, from etcd 3.4 on; null: none of them can say. Members learn of an alarm
 * one after the other, so what any of them says counts.
 */
export function statusAlarms({ status }: Facts): AlarmReading | null {
  const told = (valueOf(status) ?? []).flatMap(({ fact }) =>
    fact.known && fact.value.errors ? [fact.value.errors] : [],
  );
  if (told.length === 0) return null;
  const all = alarmsFromErrors(told.flat());
  const distinct = new Map(all.map((alarm) => [`${alarm.memberId} ${alarm.kind}`, alarm]));
  return { alarms: [...distinct.values()], source: 'status' };
}
