import { TargetError } from '../domain/errors.js';
import { valueOf } from '../domain/fact.js';
import { membersOf } from '../domain/members.js';
import { wasDefragmented } from '../domain/maintenance/evidence.js';
import { dangerousVersion } from '../domain/maintenance/safety.js';
import { memberById, nameIn, operatorOf, whenSafe } from '../domain/maintenance/target.js';
import {
  behind,
  CAUGHT_UP_WITHIN,
  readMembers,
  readVoters,
  type ReadMember,
} from '../domain/maintenance/voters.js';
import type { Evidence } from '../domain/operation.js';
import type { Snapshot } from '../domain/snapshot.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';
import { bytes, grouped } from '../domain/units.js';

/** etcd goes on defragmenting when a client gives up, so the deadline only bounds how long we listen. */
const DEADLINE_MS = 30 * 60_000;
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
    // Plans wait for people, and members are upgraded meanwhile.
    const dangerous = dangerousVersion(snapshot);
    if (dangerous) return { go: 'stop', because: dangerous.reason, next: dangerous.instead ?? [] };
    const notNow = outOfTurn(context, snapshot, member);
    if (notNow) return notNow;
    const late = readMembers(snapshot).find((other) => behind(snapshot, other) > CAUGHT_UP_WITHIN);
    if (late)
      return { go: 'wait', because: `${late.label} is ${grouped(behind(snapshot, late))} entries behind` };
    // A run whose journal was set back with Redis comes here again.
    if (wasDefragmented(context.plan, snapshot, member.id))
      return { go: 'skip', because: `${member.label} was defragmented since the plan was made` };
    if (context.act.evenIfCompact !== true && isCompact(member))
      return { go: 'skip', because: `${member.label} has nothing to give back` };
    return { go: 'act', evidence: evidenceOf(member) };
  });
}

/** Far from its quota and nearly all in use, as a defragmentation leaves a member: once is enough after a crash. */
function isCompact(member: ReadMember): boolean {
  const { sizeBytes, inUseBytes } = member.status.value;
  return inUseBytes !== null && (member.share ?? 1) < FAR_FROM_QUOTA && inUseBytes / sizeBytes > NEARLY_ALL;
}

/** The leader's turn comes last: while others are still to be done, the run puts one of them before it. */
function outOfTurn(context: Context, snapshot: Snapshot, member: ReadMember): Precondition | null {
  if (member.role === 'learner') return { go: 'stop', because: `${member.label} is a learner` };
  if (!mustNotLead(context, snapshot, member)) return null;
  if (context.toDefragment.some((id) => id !== member.id))
    return { go: 'wait', because: `${member.label} leads since a moment ago: another member comes first` };
  const because = `${member.label} leads the cluster again: its clients and every lease would stand still`;
  return { go: 'stop', because };
}

/** It leads, and nobody has agreed that all clients stand still. */
function mustNotLead({ plan }: Context, snapshot: Snapshot, member: ReadMember): boolean {
  return member.role === 'leader' && readVoters(snapshot).length > 1 && plan.standstill === null;
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
  const { act: planned, cluster } = context;
  const snapshot = await context.examine(['status', 'members']);
  const member = memberById(snapshot, planned.memberId);
  if (!member) {
    const silent = `${nameIn(context, planned.memberId)} fell silent just before it was sent`;
    throw new TargetError('unreachable', cluster.name, silent);
  }
  if (mustNotLead(context, snapshot, member))
    throw new TargetError(
      'no-leader',
      member.endpoint,
      `${member.label} took the lead just before it was sent`,
    );
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
  if (hasBegunAnew(member, evidence))
    return {
      seen: 'not-done',
      because: `${name} restarted since, and its size did not fall (${bytes(now)})`,
    };
  return { seen: 'unclear', because: `${name} restarted or shows no metrics, and its size did not fall` };
}

/** Another process, which has defragmented nothing: what the one before it was at has ended with it. */
function hasBegunAnew(member: ReadMember, evidence: Evidence): boolean {
  const metrics = valueOf(member.metrics);
  const before = evidence['processStartedAt'];
  if (typeof before !== 'number' || !metrics || metrics.processStartedAt === null) return false;
  return metrics.processStartedAt !== before && metrics.defragmentations === 0;
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
