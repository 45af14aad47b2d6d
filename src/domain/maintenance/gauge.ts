import { valueOf } from '../fact.js';
import { membersOf } from '../members.js';
import type { Gauge } from '../operation.js';
import type { Snapshot } from '../snapshot.js';
import { bytes } from '../units.js';
import { leaderOf } from './voters.js';

/** Sizes and alarms of this moment, for before and after. */
export function gaugeOf(snapshot: Snapshot): Gauge {
  const members = membersOf(snapshot);
  const alarms = valueOf(snapshot.facts.alarms)?.alarms;
  const nameOf = (id: string): string =>
    members.find((member) => member.id === id)?.label ?? 'a member that is gone';
  return {
    at: snapshot.at,
    members: members.map((member) => ({
      id: member.id ?? member.label,
      name: member.label,
      sizeBytes: valueOf(member.status)?.sizeBytes ?? null,
      inUseBytes: valueOf(member.status)?.inUseBytes ?? null,
      quotaBytes: Number.isFinite(member.quota.bytes) ? member.quota.bytes : null,
    })),
    alarms: alarms ? alarms.map((alarm) => `${alarm.kind} on ${nameOf(alarm.memberId)}`) : null,
    revision: revisionOf(members.flatMap((member) => valueOf(member.status)?.revision ?? [])),
    leader: leaderOf(snapshot)?.label,
  };
}

function revisionOf(revisions: readonly number[]): number | null {
  return revisions.length === 0 ? null : Math.max(...revisions);
}

/** The state of the cluster as one sentence, for whoever reads of a failure. */
export function stateSentence(gauge: Gauge): string {
  const sizes = gauge.members
    .map(
      (member) => `${member.name} ${member.sizeBytes === null ? 'does not answer' : bytes(member.sizeBytes)}`,
    )
    .join(', ');
  return `${alarmSentence(gauge)} Sizes: ${sizes}.`;
}

function alarmSentence(gauge: Gauge): string {
  if (gauge.alarms === null) return 'Whether an alarm is armed could not be read.';
  if (gauge.alarms.length === 0) return 'No alarm is armed, so etcd does not refuse writes.';
  return `${gauge.alarms.join(', ')}: etcd refuses every write.`;
}
