import { TargetError } from '../domain/errors.js';
import { memberById, nameIn, operatorOf, whenSafe } from '../domain/maintenance/target.js';
import { behind, leaderOf, readMembers, type ReadMember } from '../domain/maintenance/voters.js';
import type { Evidence } from '../domain/operation.js';
import type { Snapshot } from '../domain/snapshot.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';

const DEADLINE_MS = 10_000;
const CAUGHT_UP_WITHIN = 1000;

type Context = StepContext<'move-leader'>;

/** Leadership goes to a voting member that is done and has caught up, so that leases live through what follows. */
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
    if (!leader) return { go: 'stop', because: 'the cluster has no leader' };
    if (context.defragmented.includes(leader.id)) {
      return { go: 'skip', because: `${leader.label} leads, and is done already` };
    }
    const target = successor(context, snapshot);
    if (!target)
      return { go: 'stop', because: 'no voting member that is done has caught up with the leader' };
    return { go: 'act', evidence: { from: leader.id, to: target.id } };
  });
}

/** The most caught-up one of those that are done. */
function successor(context: Context, snapshot: Snapshot): ReadMember | undefined {
  return readMembers(snapshot)
    .filter((member) => member.role === 'follower' && context.defragmented.includes(member.id))
    .filter((member) => behind(snapshot, member) <= CAUGHT_UP_WITHIN)
    .sort((a, b) => behind(snapshot, a) - behind(snapshot, b))[0];
}

async function act(context: Context): Promise<void> {
  const snapshot = await context.examine(['status', 'members']);
  const [leader, target] = [leaderOf(snapshot), successor(context, snapshot)];
  if (!leader || !target)
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
  if (leader.id === evidence['from']) return { seen: 'not-done', because: `${leader.label} still leads` };
  const from =
    memberById(snapshot, String(evidence['from']))?.label ?? nameIn(context, String(evidence['from']));
  return { seen: 'done', result: `${leader.label} leads now, ${from} follows` };
}
