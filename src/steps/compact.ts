import { TargetError } from '../domain/errors.js';
import { valueOf } from '../domain/fact.js';
import { operatorOf, readerOf, whenSafe } from '../domain/maintenance/target.js';
import { leaderOf, lowestRevision, readMembers, type ReadMember } from '../domain/maintenance/voters.js';
import type { Evidence } from '../domain/operation.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';
import { grouped } from '../domain/units.js';

/** Removing revisions is paced by etcd itself, 1000 keys every 10 ms: minutes on a large history. */
const DEADLINE_MS = 15 * 60_000;
const READ_DEADLINE_MS = 1500;

type Context = StepContext<'compact'>;

/**
 * Compaction of the whole cluster, once, through its leader; physical, so that its pages are free when it answers.
 * The other members remove theirs by themselves: proven member by member, by their history and by their counters,
 * never by the size in use, which stands still under NOSPACE.
 */
const compact: Step<'compact'> = {
  title: 'Compact history',
  settlesWithinMs: DEADLINE_MS,
  precondition,
  act,
  effect,
};

export default compact;

function precondition(context: Context): Promise<Precondition> {
  return whenSafe(context, async (snapshot) => {
    const lowest = lowestRevision(snapshot);
    if (context.act.revision > lowest) {
      return {
        go: 'stop',
        because: `revision ${grouped(context.act.revision)} is above the lowest member's ${grouped(lowest)}`,
      };
    }
    if (await allCompacted(context, readMembers(snapshot))) {
      return {
        go: 'skip',
        because: `history up to revision ${grouped(context.act.revision)} is already compacted`,
      };
    }
    const counters = readMembers(snapshot).flatMap((member) => [
      [`compactions ${member.id}`, compactionsOf(member)] as const,
      [`process ${member.id}`, valueOf(member.metrics)?.processStartedAt ?? null] as const,
    ]);
    return { go: 'act', evidence: Object.fromEntries(counters) };
  });
}

/** null where this member's metrics could not be read. */
function compactionsOf(member: ReadMember): number | null {
  return valueOf(member.metrics)?.compactions ?? null;
}

async function act(context: Context): Promise<void> {
  const leader = leaderOf(await context.examine(['status']));
  if (!leader)
    throw new TargetError(
      'no-leader',
      context.cluster.name,
      'the cluster lost its leader before the compaction',
    );
  try {
    await operatorOf(context, leader).compact(context.act.revision, DEADLINE_MS);
  } catch (error) {
    // Somebody else's compactor was faster: what we wanted is done.
    if (!(error instanceof TargetError && error.code === 'compacted')) throw error;
  }
}

async function effect(context: Context, evidence: Evidence): Promise<Effect> {
  const snapshot = await context.examine(['status', 'members', 'metrics']);
  const members = readMembers(snapshot);
  if (members.length < context.plan.members.length)
    return { seen: 'unclear', because: 'not every member answers' };
  if (!(await allCompacted(context, members))) {
    return { seen: 'not-done', because: 'history before the revision can still be read' };
  }
  const busy = members.filter((member) => !hasFinished(member, evidence));
  if (busy.length > 0) {
    return {
      seen: 'running',
      because: `${busy.map((member) => member.label).join(', ')} still removing revisions`,
    };
  }
  const proof = members.every((member) => compactionsOf(member) !== null)
    ? ''
    : ' (by their history; some metrics could not be read)';
  return {
    seen: 'done',
    result: `all ${String(members.length)} members compacted up to revision ${grouped(context.act.revision)}${proof}`,
  };
}

/** A finished compaction is counted, also one that removed nothing. A restart sets the counter back: it can't tell. */
function hasFinished(member: ReadMember, evidence: Evidence): boolean {
  const before = evidence[`compactions ${member.id}`];
  const now = compactionsOf(member);
  if (now === null || typeof before !== 'number') return true;
  return now > before || valueOf(member.metrics)?.processStartedAt !== evidence[`process ${member.id}`];
}

async function allCompacted(context: Context, members: readonly ReadMember[]): Promise<boolean> {
  return (await Promise.all(members.map((member) => isCompacted(context, member)))).every(Boolean);
}

/** Where the reading identity may not read keys, the metrics say how far a member is: they ask nobody's name. */
async function isCompacted(context: Context, member: ReadMember): Promise<boolean> {
  const { revision } = context.act;
  try {
    return await readerOf(context, member).hasCompacted(revision, READ_DEADLINE_MS);
  } catch (error) {
    const compacted = valueOf(member.metrics)?.compactRevision ?? null;
    if (compacted === null || !(error instanceof TargetError && error.code === 'denied')) throw error;
    return compacted >= revision;
  }
}
