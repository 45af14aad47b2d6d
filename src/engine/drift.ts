import { valueOf } from '../domain/fact.js';
import { wasDefragmented } from '../domain/maintenance/evidence.js';
import { podsMoved } from '../domain/kubernetes/pods-moved.js';
import { gaugeOf } from '../domain/maintenance/gauge.js';
import { dangerousVersion, unsafe } from '../domain/maintenance/safety.js';
import { refusesWrites } from '../domain/maintenance/takes-writes.js';
import { leaderOf, lowestRevision, readMembers } from '../domain/maintenance/voters.js';
import type { Gauge, Operation } from '../domain/operation.js';
import type { Plan } from '../domain/plan.js';
import type { ListedMember, Snapshot } from '../domain/snapshot.js';
import { bare } from '../domain/sentence.js';
import { bytes, grouped } from '../domain/units.js';

export interface Drift {
  /** Why the plan no longer fits, or null; only ever asked before the first act. */
  readonly stale: string | null;
  /** What changed and does not matter, a sentence each. */
  readonly absorbed: readonly string[];
}

/** What has become of the facts that a plan stands on. Sizes, leaders and alarms may move; identities may not. */
export function driftOf(operation: Operation, snapshot: Snapshot): Drift {
  const { plan, before, state } = operation;
  // One that has acted is never stale: between its steps only safety and evidence count, and that nobody left it lying.
  const unfit = state === 'running' ? abandoned(operation, snapshot) : staleReason(plan, snapshot);
  return {
    stale: unfit ?? happened(operation, snapshot),
    absorbed: before ? [...absorbed(before, gaugeOf(snapshot)), ...podsMoved(plan, snapshot)] : [],
  };
}

/** Far longer than any process takes to go on with what another one left. */
const LEFT_WITHIN_MS = 86_400_000;

/** Its facts are of another day, and so may the record be: members that restarted since have forgotten what they counted. */
function abandoned({ startBy = 0 }: Operation, { at }: Snapshot): string | null {
  return at > startBy + LEFT_WITHIN_MS ? 'it was approved more than a day ago' : null;
}

/**
 * An act that is still to be done was done since the plan was made: by somebody else, or by us, and our memory was set
 * back or written back since. The target's own counters say so; what they can't say is left to the spent tokens.
 */
function happened({ plan, steps }: Operation, snapshot: Snapshot): string | null {
  const open = steps.flatMap(({ step, state }) => (state === 'planned' ? [step] : []));
  for (const step of open) {
    if (step.kind === 'defragment' && wasDefragmented(plan, snapshot, step.memberId)) {
      const name = plan.members.find(({ id }) => id === step.memberId)?.name ?? step.memberId;
      return `${name} was defragmented since the plan was made`;
    }
    if (step.kind === 'move-leader' && step.to !== null && termOf(snapshot) > plan.baseline.term)
      return 'there was an election since the plan was made';
  }
  return null;
}

function termOf(snapshot: Snapshot): number {
  return Math.max(0, ...readMembers(snapshot).map(({ status }) => status.value.term));
}

function staleReason(plan: Plan, snapshot: Snapshot): string | null {
  if (snapshot.pinnedId !== plan.clusterId) return 'the endpoints now belong to another etcd cluster';
  // Whoever only restarts pods has to know that etcd takes writes, and nothing more of it.
  if (!touchesEtcd(plan)) return refusesWrites(snapshot)?.reason ?? null;
  const defragments = plan.steps.some(({ kind }) => kind === 'defragment');
  const refusal = unsafe(snapshot) ?? (defragments ? dangerousVersion(snapshot) : null);
  if (refusal) return refusal.reason;
  if (hasOtherMembers(plan, valueOf(snapshot.facts.members) ?? []))
    return 'the cluster has other members now';
  const revision = plan.steps.find((step) => step.kind === 'compact')?.revision ?? 0;
  if (revision > lowestRevision(snapshot)) return 'the revision to compact is above the lowest member’s';
  if (!leaderOf(snapshot) || readMembers(snapshot).length < plan.members.length)
    return 'a member does not answer';
  return null;
}

export function touchesEtcd({ steps }: Plan): boolean {
  return steps.some(({ kind }) => kind !== 'restart-pods' && kind !== 'gate');
}

/** A learner that no endpoint leads to is in no plan: it neither votes nor can be defragmented. */
function hasOtherMembers(plan: Plan, listed: readonly ListedMember[]): boolean {
  const planned = new Set(plan.members.map((member) => member.id));
  const now = new Set(listed.map((member) => member.id));
  const came = listed.some((member) => !member.learner && !planned.has(member.id));
  return came || plan.members.some((member) => !now.has(member.id));
}

function absorbed(before: Gauge, now: Gauge): readonly string[] {
  const notes: string[] = [];
  if (before.leader !== now.leader)
    notes.push(`${now.leader ?? 'nobody'} leads now, was ${before.leader ?? 'nobody'}`);
  const alarms = now.alarms?.filter((alarm) => !before.alarms?.includes(alarm)) ?? [];
  if (alarms.length > 0) notes.push(`new since the plan: ${alarms.join(', ')}`);
  const growth = total(now) - total(before);
  if (growth !== 0) notes.push(`the members ${growth > 0 ? 'grew' : 'shrank'} by ${bytes(Math.abs(growth))}`);
  const written = (now.revision ?? 0) - (before.revision ?? 0);
  if (written > 0) notes.push(`${grouped(written)} more revisions were written`);
  return notes;
}

function total(gauge: Gauge): number {
  return gauge.members.reduce((sum, member) => sum + (member.sizeBytes ?? 0), 0);
}

/** Ended before the first act, with the reason. */
export function stalled(operation: Operation, reason: string, now: number): Operation {
  const summary = `The plan no longer fits: ${bare(reason)}. Nothing was touched.`;
  const next = ['Propose it again: the new plan stands on the facts of now.'];
  return { ...operation, state: 'stale', token: undefined, conclusion: { at: now, summary, next } };
}
