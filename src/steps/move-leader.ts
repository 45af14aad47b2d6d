import { TargetError } from '../domain/errors.js';
import { memberById, nameIn, operatorOf, whenSafe } from '../domain/maintenance/target.js';
import {
  behind,
  CAUGHT_UP_WITHIN,
  leaderOf,
  readMembers,
  type ReadMember,
} from '../domain/maintenance/voters.js';
import type { Evidence } from '../domain/operation.js';
import type { Snapshot } from '../domain/snapshot.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';
import { grouped } from '../domain/units.js';

const DEADLINE_MS = 10_000;

type Context = StepContext<'move-leader'>;

/**
 * Leadership goes to the member that was approved; else to a caught-up voting member that has not still to be
 * defragmented, so that leases live through what follows.
 */
const moveLeader: Step<'move-leader'> = {
  title: 'Move the leader',
  settlesWithinMs: 10_000,
  precondition,
  act,
  effect,
};

export default moveLeader;

function precondition(context: Context): Promise<Precondition> {
  return whenSafe(context, (snapshot) => {
    const leader = leaderOf(snapshot);
    if (!leader) return { go: 'wait', because: 'the cluster has no leader' };
    const needless = needlessFrom(context, leader);
    if (needless !== null) return { go: 'skip', because: needless };
    const target = targetOf(context, snapshot);
    if (!target || isLate(snapshot, target)) return notYet(context, snapshot, target);
    const { term } = leader.status.value;
    return { go: 'act', evidence: { from: leader.id, to: target.id, term } };
  });
}

function needlessFrom({ act, defragmented, toDefragment }: Context, leader: ReadMember): string | null {
  if (act.to !== null) return leader.id === act.to ? `${leader.label} leads already` : null;
  if (toDefragment.includes(leader.id)) return null;
  return defragmented.includes(leader.id)
    ? `${leader.label} leads, and is done already`
    : `${leader.label} leads, and is not to be defragmented`;
}

/** The member that was approved, else the most caught-up follower whose turn is not still to come. */
function targetOf({ act, toDefragment }: Context, snapshot: Snapshot): ReadMember | undefined {
  const followers = readMembers(snapshot).filter((member) => member.role === 'follower');
  if (act.to !== null) return followers.find((member) => member.id === act.to);
  return followers
    .filter((member) => !toDefragment.includes(member.id))
    .sort((a, b) => behind(snapshot, a) - behind(snapshot, b))[0];
}

function isLate(snapshot: Snapshot, member: ReadMember): boolean {
  return behind(snapshot, member) > CAUGHT_UP_WITHIN;
}

function notYet(context: Context, snapshot: Snapshot, target: ReadMember | undefined): Precondition {
  if (target) {
    const because = `${target.label} is ${grouped(behind(snapshot, target))} entries behind the leader`;
    return { go: 'wait', because };
  }
  const { to } = context.act;
  if (to === null) return { go: 'stop', because: 'there is no voting member that could lead meanwhile' };
  const named = memberById(snapshot, to);
  const because = named ? `${named.label} is a learner` : `${nameIn(context, to)} is not there`;
  return { go: 'stop', because };
}

async function act(context: Context): Promise<void> {
  const snapshot = await context.examine(['status', 'members']);
  const [leader, target] = [leaderOf(snapshot), targetOf(context, snapshot)];
  const isNeeded = leader && needlessFrom(context, leader) === null;
  if (!isNeeded || !target || isLate(snapshot, target))
    throw new TargetError('no-leader', context.cluster.name, 'the leader changed just before it was moved');
  await operatorOf(context, leader).moveLeader(target.id, DEADLINE_MS);
}

async function effect(context: Context, evidence: Evidence): Promise<Effect> {
  const snapshot = await context.examine(['status', 'members']);
  const members = readMembers(snapshot);
  const leaders = new Set(members.map((member) => member.status.value.leaderId));
  const leader = leaderOf(snapshot);
  if (members.length < context.plan.members.length || leaders.size !== 1 || !leader) {
    return { seen: 'running', because: 'the members do not agree on a leader yet' };
  }
  const from = String(evidence['from']);
  if (leader.id === from) return { seen: 'not-done', because: `${leader.label} still leads` };
  const { to } = context.act;
  if (to !== null && leader.id !== to)
    return { seen: 'not-done', because: `${leader.label} leads, not ${nameIn(context, to)}` };
  const before = memberById(snapshot, from)?.label ?? nameIn(context, from);
  return { seen: 'done', result: `${leader.label} leads now, ${before} follows` };
}
