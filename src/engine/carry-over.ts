import { known, valueOf } from '../domain/fact.js';
import type { Facts, Snapshot } from '../domain/snapshot.js';
import { statusAlarms } from '../domain/status-alarms.js';

/** AlarmList is a raft proposal. */
const ALARM_LIST_EVERY_MS = 60_000;

/** AlarmList was asked for the last sample, or lately before it, so that it need not be asked again. */
export function alarmsAreYoung(last: Snapshot | null, now: number): boolean {
  const alarms = last?.facts.alarms;
  if (!last || !alarms || now < alarms.at || now - alarms.at >= ALARM_LIST_EVERY_MS) return false;
  return alarms.known ? alarms.value.source === 'alarm-list' : wasAsked(last.facts);
}

/** Somebody was there to be asked: see `askable`. Else nothing was proposed, and the next sample may try. */
function wasAsked(facts: Facts): boolean {
  if (statusAlarms(facts)) return false;
  return (valueOf(facts.status) ?? []).some(({ fact }) => fact.known || fact.code === 'denied');
}

/** The snapshot with the last reading of what was not read now, each with the moment when it was read. */
export function carriedOver(snapshot: Snapshot, last: Snapshot | null): Snapshot {
  const before: Facts = last && last.pinnedId === snapshot.pinnedId ? last.facts : {};
  const { metrics = before.metrics, certificates = before.certificates } = snapshot.facts;
  const alarms = snapshot.facts.alarms ?? toldByStatus(snapshot.facts) ?? before.alarms;
  const facts: Facts = {
    ...snapshot.facts,
    ...(metrics && { metrics }),
    ...(certificates && { certificates }),
    ...(alarms && { alarms }),
  };
  return { ...snapshot, facts };
}

/** A member that was upgraded meanwhile says it for nothing. */
function toldByStatus(facts: Facts): Facts['alarms'] {
  const alarms = statusAlarms(facts);
  return alarms && facts.status ? known(alarms, facts.status.at, facts.status.tookMs) : undefined;
}
