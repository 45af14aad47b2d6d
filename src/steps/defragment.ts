import { valueOf } from '../domain/fact.js';
import { membersOf } from '../domain/members.js';
import { memberById, nameIn, operatorOf, whenSafe } from '../domain/maintenance/target.js';
import { behind, readMembers, type ReadMember } from '../domain/maintenance/voters.js';
import type { Evidence } from '../domain/operation.js';
import type { Snapshot } from '../domain/snapshot.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';
import { bytes, grouped } from '../domain/units.js';

/** etcd goes on defragmenting when a client gives up, so the deadline only bounds how long we listen. */
const DEADLINE_MS = 30 * 60_000;
/** A member counts as caught up within this many raft entries of the furthest one. */
const CAUGHT_UP_WITHIN = 1000;

const FAR_FROM_QUOTA = 0.5;
const NEARLY_ALL = 0.9;

type Context = StepContext<'defragment'>;

/**
 * Defragmentation of one member, sent to exactly this member, once. Its Status hangs until it is done, which is no
 * sign of death; its metrics go on answering, and count finished defragmentations.
 */
const defragment: Step<'defragment'> = {
  title: 'Defragment a member',
  settlesWithinMs: 2 * 60_000,
  precondition,
  act,
  effect,
};

export default defragment;

function precondition(context: Context): Promise<Precondition> {
  return whenSafe(context, (snapshot) => {
    const member = memberById(snapshot, context.act.memberId);
    if (!member) return { go: 'stop', because: `${nameIn(context, context.act.memberId)} does not answer` };
    const because = notNow(context, snapshot, member);
    if (because) return { go: 'stop', because };
    if (isCompact(member)) return { go: 'skip', because: `${member.label} has nothing to give back` };
    return { go: 'act', evidence: evidenceOf(member) };
  });
}

/** Far from its quota and nearly all in use, as a defragmentation leaves a member: once is enough after a crash. */
function isCompact(member: ReadMember): boolean {
  const { sizeBytes, inUseBytes } = member.status.value;
  return inUseBytes !== null && (member.share ?? 1) < FAR_FROM_QUOTA && inUseBytes / sizeBytes > NEARLY_ALL;
}

function notNow(context: Context, snapshot: Snapshot, member: ReadMember): string | null {
  if (member.role === 'learner') return `${member.label} is a learner`;
  const others = readMembers(snapshot).filter((other) => other.role !== 'learner').length > 1;
  if (member.role === 'leader' && others && context.plan.standstill === null) {
    return `${member.label} leads the cluster again: its clients and every lease would stand still`;
  }
  const late = readMembers(snapshot).find((other) => behind(snapshot, other) > CAUGHT_UP_WITHIN);
  return late ? `${late.label} is ${grouped(behind(snapshot, late))} entries behind` : null;
}

function evidenceOf(member: ReadMember): Evidence {
  const metrics = valueOf(member.metrics);
  return {
    member: member.id,
    sizeBytes: member.status.value.sizeBytes,
    defragmentations: metrics?.defragmentations ?? null,
    processStartedAt: metrics?.processStartedAt ?? null,
  };
}

async function act(context: Context): Promise<void> {
  const member = memberById(await context.examine(['status', 'members']), context.act.memberId);
  if (!member) throw new Error('the member vanished between precondition and act');
  await operatorOf(context, member).defragment(DEADLINE_MS);
}

async function effect(context: Context, evidence: Evidence): Promise<Effect> {
  const snapshot = await context.examine(['status', 'members', 'metrics']);
  const name = nameIn(context, context.act.memberId);
  const member = memberById(snapshot, context.act.memberId);
  if (isDefragmenting(snapshot, context.act.memberId))
    return { seen: 'running', because: `${name} is still being defragmented` };
  if (!member) return { seen: 'unclear', because: `${name} does not answer` };
  const before = Number(evidence['sizeBytes']);
  const now = member.status.value.sizeBytes;
  const result = `${name}: ${bytes(before)} → ${bytes(now)}`;
  const counted = isCounted(member, evidence);
  if (counted === true) return late(snapshot, member) ?? { seen: 'done', result };
  if (counted === false)
    return { seen: 'not-done', because: `${name} has counted no defragmentation since (${bytes(now)})` };
  if (now < before) return { seen: 'done', result: `${result} (by its size; its counters can't tell)` };
  return { seen: 'unclear', because: `${name} restarted or shows no metrics, and its size did not fall` };
}

/** While Status hangs the member is known by the list alone: by its URL, or because it is the one that is left over. */
function isDefragmenting(snapshot: Snapshot, memberId: string): boolean {
  const member = membersOf(snapshot).find((candidate) => candidate.id === memberId);
  return valueOf(member?.metrics)?.defragmenting === true;
}

/** Whether the member's own counter grew within one and the same process; null where it can't be said. */
function isCounted(member: ReadMember, evidence: Evidence): boolean | null {
  const metrics = valueOf(member.metrics);
  const before = evidence['defragmentations'];
  if (typeof before !== 'number' || !metrics || metrics.defragmentations === null) return null;
  if (metrics.processStartedAt !== evidence['processStartedAt']) return null;
  return metrics.defragmentations > before;
}

function late(snapshot: Snapshot, member: ReadMember): Effect | null {
  const entries = behind(snapshot, member);
  if (entries <= CAUGHT_UP_WITHIN) return null;
  return { seen: 'running', because: `${member.label} still has ${grouped(entries)} entries to catch up` };
}
