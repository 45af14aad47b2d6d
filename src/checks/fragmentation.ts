import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { exceptFor, holdersOf, lines, names, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { bytes, percent } from '../domain/units.js';

const check: Check = {
  title: 'Fragmentation',
  why: 'Space freed by compaction stays in the file and counts against the quota until a defragmentation',
  runbook: 'fix',
  needs: ['status'],
  uses: ['members', 'metrics', 'alarms'],
  rank: 30,
  run,
};

const LEAST_IN_USE = 0.5;
/** A small file is not worth a pause, unless it takes up half of its quota. */
const LEAST_BYTES = 100 * 1024 ** 2;
const LEAST_QUOTA_SHARE = 0.5;

interface Sizes {
  readonly size: number;
  readonly inUse: number;
}

function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot);
  const known = views.filter((member) => sizesOf(member) !== null);
  if (known.length === 0) return [blind(snapshot, views)];
  const evidence = lines(views, line);
  const wasteful = known.filter(isWasteful);
  if (wasteful.length > 0) return [wasted(wasteful, evidence)];
  if (holdersOf(snapshot, 'NOSPACE').length > 0) {
    const summary =
      'Fragmentation is not known under NOSPACE: etcd keeps the old size in use until its next write';
    return [{ severity: 'unknown', summary, evidence }];
  }
  const rest = exceptFor(views, (member) => sizesOf(member) !== null);
  return [{ severity: 'ok', summary: `A defragmentation would give little back${rest}`, evidence }];
}

/** Both sizes from one answer. Status before 3.4 has no size in use, and 0 on the wire means missing. */
function sizesOf(member: MemberView): Sizes | null {
  const status = valueOf(member.status);
  if (status?.inUseBytes) return { size: status.sizeBytes, inUse: status.inUseBytes };
  const metrics = valueOf(member.metrics);
  if (metrics?.inUseBytes && metrics.sizeBytes) return { size: metrics.sizeBytes, inUse: metrics.inUseBytes };
  return null;
}

function isWasteful(member: MemberView): boolean {
  const sizes = sizesOf(member);
  if (!sizes || sizes.inUse / sizes.size >= LEAST_IN_USE) return false;
  return sizes.size > LEAST_BYTES || sizes.size / member.quota.bytes > LEAST_QUOTA_SHARE;
}

function wasted(members: readonly MemberView[], evidence: readonly string[]): Observation {
  const free = members.map((member) => freeOf(member)).reduce((a, b) => a + b, 0);
  return {
    severity: 'warning',
    summary: `Over half of the file is free space on ${names(members.map((one) => one.label))}: ${bytes(free)} in all`,
    evidence,
    advice: 'Defragment, one member at a time: `/etcd fix` proposes it',
  };
}

function freeOf(member: MemberView): number {
  const sizes = sizesOf(member);
  return sizes ? Math.max(0, sizes.size - sizes.inUse) : 0;
}

function line(member: MemberView): string | null {
  const sizes = sizesOf(member);
  if (!sizes) return member.status.known ? 'does not say its size in use' : null;
  return `${bytes(sizes.inUse)} of ${bytes(sizes.size)} in use (${percent(sizes.inUse / sizes.size)})`;
}

function blind(snapshot: Snapshot, views: readonly MemberView[]): Observation {
  if (!views.some((member) => member.status.known))
    return unseen('the size of any member', snapshot.facts.status);
  return {
    severity: 'unknown',
    summary: 'Not known: no member says its size in use (Status has it from etcd 3.4 on)',
    evidence: lines(views, line),
    advice: 'Let the bot read /metrics of every member',
  };
}

export default check;
