import type { Operation, OperationState, StepRecord, StepState } from '../src/domain/operation.js';
import type { Plan, PlannedStep } from '../src/domain/plan.js';
import { CLUSTER_ID, GIB, IDS, MIB, MINUTE, NOW } from './facts.js';

const SECOND = 1000;
const TEAM = 'T1';
const MEMBERS = ['m1', 'm2', 'm3'].map((name, index) => ({ id: IDS[index] ?? '', name }));

/** The fix of a full cluster of three members, m1 leading, with a backup. */
export function fixPlan(): Plan {
  return {
    runbook: 'fix',
    title: 'Make room in calico-prod',
    cluster: 'calico-prod',
    clusterId: CLUSTER_ID,
    members: MEMBERS,
    steps: fixSteps(),
    expected: {
      bytesBack: {
        lowBytes: 3 * GIB,
        highBytes: 5.6 * GIB,
        basis: '21 480 live keys against 4 812 990 revisions since the last compaction',
      },
      bytesByMember: MEMBERS.map(({ id, name }) => ({
        memberId: id,
        name,
        lowBytes: GIB,
        highBytes: 1.8 * GIB,
      })),
      pauses: MEMBERS.map(({ id, name }) => ({ memberId: id, name, pauseMs: 8 * SECOND })),
      pauseBasis: 'as fast as 3 earlier defragmentations of this cluster',
    },
    reaches: 'Revision 4 812 990, which was the newest 10 min ago',
    lastBackup: 'The last backup of this cluster is 3 h old.',
    onFailure:
      'If a step fails, the rest is not begun, nothing is repeated, and the card says how the cluster stands.',
    prevention: ['Set `--auto-compaction-mode=periodic --auto-compaction-retention=30m` on every member.'],
    baseline: {
      term: 7,
      leaderId: IDS[0] ?? '',
      members: MEMBERS.map(({ id }) => ({ id, defragmentations: 0, processStartedAt: NOW - 100 * MINUTE })),
    },
    risks: [
      'Watchers that are behind the compacted revision have to list again.',
      'Clients of a member stand still while it is defragmented; the others go on.',
    ],
    standstill: null,
    backup: true,
    byHand: byHand(),
    factsAt: NOW - MINUTE - 2 * SECOND,
  };
}

/** Proposed a minute ago, two approvals needed, none given. */
export function pendingFix(changes: Partial<Operation> = {}): Operation {
  const plan = changes.plan ?? fixPlan();
  return {
    id: 'op-7Qm2xV',
    version: 1,
    state: 'pending',
    plan,
    planHash: 'c0ffee12ab34cd56ef7890',
    proposer: { teamId: TEAM, userId: 'U1' },
    reason: 'pods of the night batch do not start',
    place: { channel: 'C0PLATFORM', thread: '1773111600.000100' },
    policy: {
      viewers: 'channel',
      operators: { users: ['U1'], groups: [] },
      approvers: { users: ['U2', 'U3'], groups: ['S1'] },
      approvals: 2,
      selfApproval: false,
      approveWithinMs: 30 * MINUTE,
      startWithinMs: 10 * MINUTE,
      outsideWindow: { users: [], groups: [] },
      emergency: { users: [], groups: [] },
    },
    windows: [],
    observeOnly: false,
    settleMs: 10 * SECOND,
    reraiseWatchMs: 10 * MINUTE,
    createdAt: NOW - MINUTE,
    approveBy: NOW + 29 * MINUTE,
    reviews: [],
    fence: 0,
    steps: plan.steps.map((step) => ({ step, state: 'planned' })),
    absorbed: [],
    ...changes,
  };
}

/** As pending, with so many of the approvals that are needed. */
export function withApprovals(operation: Operation, count: number): Operation {
  const reviews = ['U2', 'U3'].slice(0, count).map((userId, index) => ({
    by: { teamId: TEAM, userId },
    verdict: 'approve' as const,
    planHash: operation.planHash,
    at: NOW + index * 40 * SECOND,
  }));
  return { ...operation, reviews };
}

export function approvedFix(): Operation {
  return { ...withApprovals(pendingFix(), 2), state: 'approved', startBy: NOW + 11 * MINUTE };
}

/** The step at `index` is in this state; those before it are done, those after it planned. */
export function fixAt(index: number, state: StepState = 'begun', result?: string): Operation {
  const operation = approvedFix();
  const steps = operation.steps.map((record, at): StepRecord => {
    if (at > index) return record;
    return at < index
      ? done(record, at)
      : { ...record, state, begunAt: begunAt(at), ...ended(state, at, result) };
  });
  return { ...operation, state: 'running', startedAt: begunAt(0), fence: 1, steps, before: gauge('before') };
}

export function succeededFix(): Operation {
  const last = fixSteps().length - 1;
  const operation = fixAt(last, 'done', 'a test write was accepted in 9 ms');
  return {
    ...operation,
    state: 'succeeded',
    after: gauge('after'),
    conclusion: {
      at: begunAt(last) + SECOND,
      summary: 'Writes go through again.',
      next: ['Delete the pods that hang in ContainerCreating.'],
    },
    watch: { until: NOW + 20 * MINUTE, state: 'watching' },
  };
}

export function failedFix(): Operation {
  return {
    ...fixAt(4, 'failed', 'no answer within 10 min'),
    state: 'failed',
    conclusion: {
      at: begunAt(4) + 10 * MINUTE,
      summary:
        'Stopped at “Defragment m3 (follower, 2.1 GiB)”: no answer within 10 min. The steps after it were not done.',
      clusterNow: 'm1 and m2 serve; NOSPACE on m1: etcd refuses every write.',
      next: ['See whether the process of m3 runs.', 'Then propose the fix again: `/etcd fix calico-prod`.'],
    },
  };
}

export function unknownFix(waitsForPerson?: string): Operation {
  return { ...fixAt(4), state: 'unknown', ...(waitsForPerson !== undefined && { waitsForPerson }) };
}

/** Ended before anything was touched. */
export function endedFix(state: OperationState, summary: string): Operation {
  return { ...pendingFix(), state, conclusion: { at: NOW + MINUTE, summary, next: [] } };
}

/** One of every state, by a name for it. */
export function everyState(): Readonly<Record<string, Operation>> {
  const denial = { by: { teamId: TEAM, userId: 'U3' }, verdict: 'deny' as const, at: NOW + MINUTE };
  const denied = { ...denial, planHash: pendingFix().planHash, reason: 'not during the release' };
  const cancelled = { ...fixAt(3, 'done'), cancelledBy: { teamId: TEAM, userId: 'U2' } };
  return {
    pending: pendingFix(),
    'pending-half-approved': withApprovals(pendingFix(), 1),
    'pending-without-backup': pendingFix({ plan: withoutBackup() }),
    'pending-standstill': pendingFix({ plan: standstill() }),
    approved: approvedFix(),
    running: { ...fixAt(4), absorbed: ['m2 leads now, not m1: the order is resolved at run time'] },
    'running-stopping': {
      ...fixAt(4),
      cancelledBy: cancelled.cancelledBy,
      cancelRequestedAt: NOW + 2 * MINUTE,
    },
    succeeded: succeededFix(),
    'succeeded-quiet': { ...succeededFix(), watch: { until: NOW + 20 * MINUTE, state: 'quiet' } },
    'succeeded-reraised': {
      ...succeededFix(),
      watch: { until: NOW + 20 * MINUTE, state: 'reraised', note: 'NOSPACE on m2 at 03:14' },
    },
    failed: failedFix(),
    unknown: unknownFix(),
    'unknown-waits': unknownFix('m3 does not answer, and its count of defragmentations is not known.'),
    cancelled: {
      ...cancelled,
      state: 'cancelled',
      conclusion: {
        at: begunAt(4),
        summary:
          'Stopped by <@U2> after: Back up to /var/lib/steward/backups; Compact history; Defragment m2.',
        next: [],
      },
    },
    denied: { ...endedFix('denied', 'Denied by <@U3>. Nothing was touched.'), reviews: [denied] },
    expired: endedFix('expired', 'It was not approved within 30 min. Nothing was touched.'),
    stale: endedFix('stale', 'The plan no longer fits: m3 is down. Nothing was touched.'),
    superseded: endedFix('superseded', 'A newer plan for this cluster took its place.'),
  };
}

/** What keeps an operation from starting or going on, and what somebody decided alone. */
export function heldStates(): Readonly<Record<string, Operation>> {
  const paused = {
    scope: 'calico-prod',
    by: { teamId: TEAM, userId: 'U4' },
    reason: 'release until 06:00.',
    at: NOW - MINUTE,
  };
  const days = ['tue', 'thu'] as const;
  const windows = [{ days, fromMinute: 120, toMinute: 180, zone: 'Europe/Berlin' }];
  const policy = pendingFix().policy;
  const withOutside = { ...policy, outsideWindow: { users: ['U3'], groups: ['S2'] } };
  const withEmergency = { ...policy, emergency: { users: ['U5'], groups: [] } };
  const full = pendingFix({ policy: withEmergency, before: gauge('before') });
  const alone = {
    by: { teamId: TEAM, userId: 'U5' },
    verdict: 'approve' as const,
    planHash: full.planHash,
    at: NOW,
    reason: 'nobody else answers',
    emergency: true,
  };
  const half = fixAt(4);
  const waiting = { state: 'planned' as const, begunAt: undefined, waitsSince: NOW + 3 * MINUTE };
  return {
    'pending-paused': pendingFix({ paused }),
    'pending-observe-only': pendingFix({ observeOnly: true }),
    'pending-outside-window': pendingFix({ windows, policy: withOutside }),
    'pending-outside-window-nobody': pendingFix({ windows }),
    'pending-emergency': full,
    'approved-waits': { ...approvedFix(), waits: 'changes are paused by <@U4>: release', paused },
    'running-paused': { ...half, paused: { ...paused, scope: '*' } },
    'running-waits': {
      ...half,
      steps: half.steps.map((record, index) =>
        index === 4 ? { ...record, ...waiting, result: 'waits: m3 is 6 000 entries behind' } : record,
      ),
    },
    'succeeded-emergency': { ...succeededFix(), reviews: [alone] },
  };
}

export function withoutBackup(): Plan {
  const plan = fixPlan();
  return {
    ...plan,
    backup: false,
    steps: plan.steps.filter((step) => step.kind !== 'backup'),
    risks: ['No backup is configured: there is no way back to the history that is compacted.', ...plan.risks],
  };
}

export function standstill(): Plan {
  return { ...fixPlan(), standstill: 'all clients stand still for about 8 s' };
}

function fixSteps(): readonly PlannedStep[] {
  const [m1, m2, m3] = IDS as [string, string, string];
  return [
    {
      id: 's1',
      kind: 'backup',
      directory: '/var/lib/steward/backups',
      keep: 3,
      label: 'Back up to /var/lib/steward/backups',
    },
    { id: 's2', kind: 'compact', revision: 4_812_990, label: 'Compact history up to revision 4 812 990' },
    { id: 's3', kind: 'defragment', memberId: m2, label: 'Defragment m2 (follower, 2.1 GiB)' },
    {
      id: 's4',
      kind: 'gate',
      condition: 'below-quota-share',
      share: 0.9,
      label: 'Go on only if it is under 90 % of its quota',
    },
    { id: 's5', kind: 'defragment', memberId: m3, label: 'Defragment m3 (follower, 2.1 GiB)' },
    { id: 's6', kind: 'move-leader', to: null, label: 'Move the leader to a member that is done' },
    { id: 's7', kind: 'defragment', memberId: m1, label: 'Defragment m1 (leader, 2.1 GiB)' },
    {
      id: 's8',
      kind: 'disarm',
      alarm: 'NOSPACE',
      belowShare: 0.9,
      label: 'Disarm NOSPACE, member by member',
    },
    { id: 's9', kind: 'write-probe', label: 'Prove that a write goes through' },
  ];
}

function byHand(): readonly string[] {
  const at = (host: number) =>
    `etcdctl --endpoints=https://10.0.0.${String(host)}:2379 --cacert=/etc/steward/ca.crt`;
  return [
    'export ETCDCTL_API=3',
    `${at(1)} compact 4812990 --physical`,
    ...[2, 3].map((host) => `${at(host)} defrag --command-timeout=10m`),
    `${at(1)} move-leader fd422379fda50e48`,
    `${at(1)} defrag --command-timeout=10m`,
    `${at(1)} alarm disarm`,
    `${at(1)} put /etcd-steward/probe ok`,
  ];
}

function done(record: StepRecord, at: number): StepRecord {
  const evidence =
    record.step.kind === 'defragment' ? { sizeBytes: 2.1 * GIB, defragmentations: 0 } : undefined;
  const result = record.step.kind === 'defragment' ? '2.1 GiB → 310 MiB' : undefined;
  return {
    ...record,
    state: 'done',
    begunAt: begunAt(at),
    endedAt: begunAt(at) + 8 * SECOND,
    ...(evidence && { evidence }),
    ...(result && { result }),
  };
}

function ended(state: StepState, at: number, result: string | undefined): Partial<StepRecord> {
  const said = result === undefined ? {} : { result };
  return state === 'begun' ? said : { ...said, endedAt: begunAt(at) + SECOND };
}

function begunAt(index: number): number {
  return NOW + 2 * MINUTE + index * 18 * SECOND;
}

function gauge(moment: 'before' | 'after'): NonNullable<Operation['before']> {
  const before = moment === 'before';
  return {
    at: before ? NOW : NOW + 5 * MINUTE,
    members: MEMBERS.map((member) => ({
      ...member,
      sizeBytes: before ? 2.1 * GIB : 310 * MIB,
      inUseBytes: before ? 2 * GIB : 290 * MIB,
      quotaBytes: 2 * GIB,
    })),
    alarms: before ? ['NOSPACE on m1'] : [],
    revision: 4_812_990,
  };
}
