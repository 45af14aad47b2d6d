import { defectsOf } from '../defects.js';
import { valueOf } from '../fact.js';
import type { MemberMetrics } from '../snapshot.js';
import { bytes, grouped } from '../units.js';
import type { Course } from './course.js';
import { historyIn, inUseOf } from './estimate.js';
import type { Ground } from './ground.js';
import { readMembers, type ReadMember } from './voters.js';

/** Free beside the database while it is rewritten, over the size in use. */
const NEEDED_DISK = 1.1;
const MOST_NAMED = 5;

export const HISTORY_GONE = 'there is no way back to the history that is compacted';

/** What it means for maintenance that can't be taken back to have no place for backups. */
export function backupRisks({ setting }: Ground, without: string): readonly string[] {
  return setting.backup ? [] : [`No backup is configured: ${without}.`];
}

export function compactRisks(ground: Ground): readonly string[] {
  return [
    'Watchers that are behind the compacted revision have to list again, which kube-apiserver and Calico do by ' +
      `themselves${watchersText(ground)}.`,
  ];
}

function watchersText({ snapshot }: Ground): string {
  const members = readMembers(snapshot);
  const [all, slow] = [sumOf(members, 'watchers'), sumOf(members, 'slowWatchers')];
  if (all === null || slow === null) return '';
  const are = slow === 1 ? 'is' : 'are';
  return `: ${slow === 0 ? 'none' : grouped(slow)} of ${grouped(all)} watchers ${slow === 0 ? 'is' : are} behind now`;
}

/** Over all members; null where one of them does not say. */
function sumOf(members: readonly ReadMember[], name: 'watchers' | 'slowWatchers'): number | null {
  const counts = members.map((member) => metric(member, name));
  return counts.includes(null) ? null : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

function metric(member: ReadMember, name: keyof MemberMetrics & ('watchers' | 'slowWatchers' | 'leases')) {
  return valueOf(member.metrics)?.[name] ?? null;
}

export function defragmentRisks(ground: Ground, course: Course): readonly string[] {
  const { order, still } = course;
  return [
    `Clients of a member stand still while it is defragmented${still ? '' : '; the others go on'}.`,
    ...leaseRisks(ground, course),
    ...smallClusterRisks(ground),
    diskRisk(order),
    ...learnerRisks(ground),
    ...order.flatMap(defectRisks),
  ];
}

/** Keep-alives are served by the leader alone. */
function leaseRisks({ leader }: Ground, { leads, moves }: Course): readonly string[] {
  if (!leads) return [];
  const leases = leasesText(leader);
  if (leases === null) return [];
  if (moves) return [`${leases}; moving it first renews their time.`];
  return [`${leases}: while it stands still nobody renews them, and short ones run out.`];
}

/** Without its end. Counted since the leader's process began, so there may be more; null: it has none. */
export function leasesText(leader: ReadMember): string | null {
  const count = metric(leader, 'leases');
  if (count === null) return 'The leader looks after all leases';
  return count === 0
    ? null
    : `The leader looks after at least ${grouped(count)} lease${count === 1 ? '' : 's'}`;
}

export function smallClusterRisks({ voters }: Ground): readonly string[] {
  if (voters.length === 1) return ['With one member everything stops if it does not come back.'];
  return voters.length === 2 ? ['With two members the loss of either stops the cluster.'] : [];
}

function diskRisk(order: readonly ReadMember[]): string {
  const needs = order.map((member) => ({ member, room: bytes(roomFor(member)) }));
  const alike = needs.length > 1 && needs.every(({ room }) => room === needs[0]?.room);
  const named = needs.map(({ member, room }) => `${room} on ${member.label}`).slice(0, MOST_NAMED);
  const more = needs.length > MOST_NAMED ? ', …' : '';
  const where = alike ? `${needs[0]?.room ?? ''} on each member` : named.join(', ') + more;
  return `A defragmentation needs up to 1.1 × the size in use (${where}) free beside the database; free disk is not known.`;
}

function roomFor(member: ReadMember): number {
  return Math.ceil(NEEDED_DISK * (inUseOf(member) ?? member.status.value.sizeBytes));
}

function learnerRisks({ snapshot }: Ground): readonly string[] {
  return readMembers(snapshot)
    .filter((member) => member.role === 'learner')
    .map(({ label }) => `${label} is a learner and is left out: etcd can't defragment it while it learns.`);
}

/** Those that forbid it outright have refused the plan before. */
function defectRisks({ label, status }: ReadMember): readonly string[] {
  const { version } = status.value;
  return defectsOf(version)
    .filter(({ severity }) => severity === 'warning')
    .map(({ summary }) => `${label} runs etcd ${version}: ${summary}.`);
}

/** Where sizes are compared with quotas. */
export function quotaRisks({ snapshot }: Ground): readonly string[] {
  const guessed = readMembers(snapshot).find((member) => member.quota.source === 'default');
  return guessed
    ? [`The quota of ${guessed.label} could not be read: etcd's default of 2 GiB is assumed.`]
    : [];
}

export function blindRisks({ snapshot }: Ground): readonly string[] {
  const blind = readMembers(snapshot).some((member) => historyIn(member) === null);
  return blind ? ['Some metrics could not be read: the effect is proven by other readings.'] : [];
}

/** Of a plan that does only a part of what a full cluster needs. */
export function stillFullRisks({ snapshot, full }: Ground, what: string): readonly string[] {
  return full
    ? [
        `NOSPACE stays armed and writes stay refused: ${what}; \`/etcd fix ${snapshot.cluster}\` does the rest.`,
      ]
    : [];
}
