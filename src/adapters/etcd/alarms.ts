import type { Alarm } from '../../domain/snapshot.js';
import { alarmKind } from '../../domain/alarm-text.js';
import type { AlarmReply, AlarmRequest } from './rpc.js';

export function parseAlarms(reply: AlarmReply): readonly Alarm[] {
  return reply.alarms.map(({ memberId, alarm }) => ({ memberId, kind: alarmKind(String(alarm)) }));
}

/**
 * Exactly one alarm: a member's NOSPACE. Never "all", which would also end CORRUPT and so hide that members differ;
 * who asks for that has a bug.
 */
export function disarmRequest({ memberId, kind }: Alarm): AlarmRequest {
  if (kind !== 'NOSPACE') throw new Error(`Only NOSPACE can be disarmed, not ${kind}`);
  if (!/^[1-9]\d*$/.test(memberId))
    throw new Error(`An alarm is disarmed for one member, not for "${memberId}"`);
  return { action: 'DEACTIVATE', memberId, alarm: kind };
}
