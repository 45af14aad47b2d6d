import type { TargetErrorCode } from './errors.js';
import { valueOf } from './fact.js';
import { membersOf, type MemberView } from './members.js';
import type { Snapshot } from './snapshot.js';

/** The voters of a cluster, each in one of three states. */
export interface Quorum {
  readonly voters: number;
  /** etcd counts voters that were added and never started, too. */
  readonly majority: number;
  /** They answer, or are silent because they defragment: then they still vote. */
  readonly up: readonly MemberView[];
  /** Silent, or never started. */
  readonly down: readonly MemberView[];
  /** Nobody can say: no endpoint configured, or something answers and refuses the bot. */
  readonly unseen: readonly MemberView[];
  /** Even if everyone unseen is well there is no majority. */
  readonly lost: boolean;
  /** False: the member list could not be read, and endpoints were counted instead. */
  readonly listed: boolean;
}

const SILENT: ReadonlySet<TargetErrorCode> = new Set(['unreachable', 'timeout', 'unavailable']);

export function quorumOf(snapshot: Snapshot): Quorum {
  const voters = votersOf(snapshot);
  const up = voters.filter(isUp);
  const down = voters.filter((member) => !isUp(member) && isDown(member));
  const unseen = voters.filter((member) => !isUp(member) && !isDown(member));
  const majority = Math.floor(voters.length / 2) + 1;
  const lost = up.length + unseen.length < majority;
  const listed = snapshot.facts.members?.known ?? false;
  return { voters: voters.length, majority, up, down, unseen, lost, listed };
}

/**
 * A silent endpoint that is a name, where the member advertises an address, can't be matched to its member. As many
 * such endpoints as there are members without one stand for them; more than that are nobody's.
 */
function votersOf(snapshot: Snapshot): readonly MemberView[] {
  const views = membersOf(snapshot).filter((member) => member.role !== 'learner');
  if (!snapshot.facts.members?.known) return views;
  const strays = views.filter((member) => member.id === null);
  const lonely = views.filter(isLonely);
  const replaced = new Set(lonely.slice(0, strays.length));
  const matched = views.filter((member) => member.id !== null && !replaced.has(member));
  return [...matched, ...strays.slice(0, lonely.length)];
}

/** Listed and started, and no configured endpoint is known to lead to it. */
export function isLonely(member: MemberView): boolean {
  return member.endpoint === null && member.started;
}

/** Status hangs while a member defragments, on every version; its metrics go on answering. */
export function isDefragmenting(member: MemberView): boolean {
  return valueOf(member.metrics)?.defragmenting === true;
}

function isUp(member: MemberView): boolean {
  return member.started && (member.status.known || isDefragmenting(member));
}

function isDown(member: MemberView): boolean {
  return !member.started || (!member.status.known && SILENT.has(member.status.code));
}
