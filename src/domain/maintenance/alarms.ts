import { valueOf } from '../fact.js';
import type { Alarm, Snapshot } from '../snapshot.js';

/** NOSPACE entries, those of members that are gone too: each of them alone refuses every write. */
export function nospaceEntries(snapshot: Snapshot): readonly Alarm[] {
  return (valueOf(snapshot.facts.alarms)?.alarms ?? []).filter((alarm) => alarm.kind === 'NOSPACE');
}

/** NOSPACE is armed: etcd refuses every write. */
export function isFull(snapshot: Snapshot): boolean {
  return nospaceEntries(snapshot).length > 0;
}
