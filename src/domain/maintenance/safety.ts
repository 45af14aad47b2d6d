import { defectsOf } from '../defects.js';
import { no, type Refusal } from '../errors.js';
import { valueOf } from '../fact.js';
import { membersOf, type MemberView } from '../members.js';
import { isDefragmenting } from '../quorum.js';
import type { Snapshot } from '../snapshot.js';
import { bare } from '../sentence.js';
import { grouped } from '../units.js';
import { applyGap, isRead, leaderOf, readMembers, votersOf } from './voters.js';

/** etcd itself refuses proposals when more entries than this wait to be applied. */
export const APPLY_GAP_LIMIT = 5000;

type Rule = (snapshot: Snapshot) => Refusal | null;

/**
 * Why nothing may be compacted, defragmented, moved or disarmed now; null when it may. The same rules hold for the
 * plan, at the start, and before every act. What can't be seen refuses.
 */
export function unsafe(snapshot: Snapshot): Refusal | null {
  for (const rule of RULES) {
    const refusal = rule(snapshot);
    if (refusal) return refusal;
  }
  return null;
}

const RULES: readonly Rule[] = [
  corrupt,
  // Before those who do not answer: Status hangs while a member defragments.
  defragmenting,
  // Nobody answers for it, and nobody can bring it back: it was never there.
  unstarted,
  unreached,
  unreadAlarms,
  leaderless,
  divided,
  lagging,
];

/** A refusal that somebody can wait for. */
function notNow(reason: string, instead: readonly string[]): Refusal {
  return { ...no(reason, instead), passes: true };
}

function corrupt(snapshot: Snapshot): Refusal | null {
  const alarms = valueOf(snapshot.facts.alarms)?.alarms ?? [];
  if (!alarms.some((alarm) => alarm.kind !== 'NOSPACE')) return null;
  return no(
    'A CORRUPT alarm is armed: members hold different data, and maintenance could spread the damage.',
    [
      'Find the member that differs (`etcdctl endpoint hashkv --cluster`), replace it from a healthy one, then disarm.',
      'Never disarm CORRUPT first. Reads still answer, so a backup with `etcdctl snapshot save` is safe.',
    ],
  );
}

function unreadAlarms(snapshot: Snapshot): Refusal | null {
  const alarms = snapshot.facts.alarms;
  if (alarms?.known) return null;
  return no(`Alarms could not be read (${alarms?.reason ?? 'not asked'}), so CORRUPT can't be ruled out.`, [
    MEND_ACCESS,
  ]);
}

function unreached(snapshot: Snapshot): Refusal | null {
  const lost = votersOf(snapshot).filter((member) => !isRead(member));
  if (lost.length === 0 && readMembers(snapshot).length > 0 && snapshot.facts.members?.known) return null;
  const names = lost.map((member) => `${member.label} (${reason(member)})`).join(', ');
  return no(names ? `Not every member answers: ${names}.` : unlisted(snapshot), [
    remedyFor(lost),
    'Reading stays safe: `/etcd status`, `/etcd diagnose`, `etcdctl snapshot save` from a member that answers.',
  ]);
}

const MEND_ACCESS = 'Mend the access to etcd first: `/etcd diagnose` names the member and the reason.';
const ADD_ENDPOINT =
  'Add its client URL to the `endpoints` of this cluster in the configuration: what is not read may be down.';
const BRING_BACK =
  'Bring it back first: with a member missing, one more loss during maintenance stops the cluster.';

function remedyFor(lost: readonly MemberView[]): string {
  if (lost.some(isRefused)) return MEND_ACCESS;
  return lost.length > 0 && lost.every(({ endpoint }) => endpoint === null) ? ADD_ENDPOINT : BRING_BACK;
}

/** It may be well, and only does not let us in, or is none of this cluster. */
function isRefused({ status }: MemberView): boolean {
  return !status.known && ['tls', 'auth', 'denied', 'wrong-cluster'].includes(status.code);
}

function unlisted({ facts: { members } }: Snapshot): string {
  if (members?.known === false) return `The list of members could not be read (${members.reason}).`;
  return 'No member answers.';
}

function reason(member: MemberView): string {
  return member.status.known ? 'no id' : bare(member.status.reason);
}

function unstarted(snapshot: Snapshot): Refusal | null {
  const waiting = votersOf(snapshot).filter((member) => !member.started);
  if (waiting.length === 0) return null;
  return no('A member was added and never started, which already costs the quorum one vote.', [
    'Start it, or remove it with `etcdctl member remove`.',
  ]);
}

function leaderless(snapshot: Snapshot): Refusal | null {
  if (leaderOf(snapshot)) return null;
  return notNow('The cluster has no leader: nothing can be written, compacted or disarmed.', [
    'Look at the network between the members and their disks; `/etcd diagnose` shows who says what.',
  ]);
}

function divided(snapshot: Snapshot): Refusal | null {
  const leaders = new Set(readMembers(snapshot).map((member) => member.status.value.leaderId));
  if (leaders.size === 1) return null;
  return notNow('Members name different leaders.', ['Wait for the election to settle and ask again.']);
}

function defragmenting(snapshot: Snapshot): Refusal | null {
  const busy = membersOf(snapshot).find(isDefragmenting);
  if (!busy) return null;
  return notNow(`${busy.label} is being defragmented by somebody else.`, [
    'Wait until it is done and ask again; look for a CronJob or a colleague at work.',
  ]);
}

function lagging(snapshot: Snapshot): Refusal | null {
  for (const member of readMembers(snapshot)) {
    const gap = applyGap(member);
    if (gap !== null && gap > APPLY_GAP_LIMIT) {
      return notNow(`${member.label} has ${grouped(gap)} entries still to apply.`, [
        'Wait until it has caught up.',
      ]);
    }
  }
  return null;
}

/** Why no member may be defragmented online with what it runs; null when they all may. */
export function dangerousVersion(snapshot: Snapshot): Refusal | null {
  for (const member of readMembers(snapshot)) {
    const { version } = member.status.value;
    const defect = defectsOf(version).find((entry) => entry.forbidsDefragment);
    if (defect) {
      return no(`${member.label} runs etcd ${version}: ${defect.summary}`, [
        'Upgrade the members first; a backup (`etcdctl snapshot save`) and a compaction by hand are safe.',
      ]);
    }
  }
  return null;
}
