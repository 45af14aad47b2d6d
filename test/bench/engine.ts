import type { Person } from '../../src/domain/actor.js';
import type { Operation } from '../../src/domain/operation.js';
import type { Directory } from '../../src/domain/ports.js';
import { hashOf, signed } from '../../src/engine/approval.js';
import { review, type ReviewDeps } from '../../src/engine/review.js';
import { fixPlanned, signer } from '../engine/world.js';
import { full, healthy } from '../facts.js';
import { pendingFix, withApprovals } from '../operations.js';
import type { Bench } from './bench.js';
import { ending } from './ending.js';
import { startExecutor, type Executor } from './executor.js';
import { percentile } from './statistics.js';
import { milliseconds, type Row } from './table.js';

const RUNS = 60;
const WARM_UPS = 10;
const MOST_MS = 300;
const MINUTE = 60_000;
const TEAM = 'T1';
const CHANNEL = 'C0PLATFORM';
/** U2 has approved, and two are needed. */
const LAST_APPROVER = 'U3';

/**
 * What the engine itself adds to a fix of three members, from the click of the last approver until its end is written
 * down: the review, the queue, checks, locks, journal, signatures, used tokens, the audit trail and the outbox. The
 * target answers at once and nothing is waited for, so whatever is measured is ours.
 */
export const engine: Bench = (say) =>
  ending(async (end) => {
    const executor = await startExecutor(end);
    const taken: Taken[] = [];
    for (let run = -WARM_UPS; run < RUNS; run++) {
      const one = await oneFix(executor, `op${String(run + WARM_UPS)}`);
      if (run >= 0) taken.push(one);
    }
    const all = valuesOf(taken, 'allMs');
    const at = (share: number): string => milliseconds(percentile(all, share));
    const half = (part: keyof Taken): string => milliseconds(percentile(valuesOf(taken, part), 0.5));
    say(`  p50 ${at(0.5)}, p95 ${at(0.95)}, worst ${at(1)}`);
    say(`  p50 of the review ${half('reviewMs')}, of the run itself ${half('runMs')}`);
    return { rows: [row(percentile(all, 0.95))] };
  });

interface Taken {
  /** From the click until the engine has answered it. */
  readonly reviewMs: number;
  /** From the job's start until the end of the operation. */
  readonly runMs: number;
  /** Both, and what lies between them. */
  readonly allMs: number;
}

async function oneFix({ world, deps, nextRun }: Executor, id: string): Promise<Taken> {
  world.target.snapshot = full(healthy());
  await deps.operations.create(halfApproved(id));
  const next = nextRun();
  const begun = performance.now();
  const verdict = await review({ ...deps, ...reviewing }, world.cluster, {
    operationId: id,
    actor: { teamId: TEAM, userId: LAST_APPROVER },
    verdict: 'approve',
    channel: CHANNEL,
  });
  const reviewMs = performance.now() - begun;
  if (!verdict.ok) throw new Error(verdict.reason);
  const run = await next;
  const operation = await world.now(id);
  if (operation.state !== 'succeeded') throw new Error(`the operation ended ${operation.state}`);
  return { reviewMs, runMs: run.ended - run.begun, allMs: run.ended - begun };
}

function halfApproved(id: string): Operation {
  const plan = fixPlanned();
  const now = Date.now();
  const pending = pendingFix({ id, plan, planHash: hashOf(plan), createdAt: now, approveBy: now + MINUTE });
  return signed(withApprovals(pending, 1), signer);
}

const directory: Directory = {
  person: (id): Promise<Person> => Promise.resolve({ id, teamId: TEAM }),
  isMember: () => Promise.resolve(true),
  isShared: () => Promise.resolve(false),
  groupMembers: () => Promise.resolve([]),
};

const reviewing: Pick<ReviewDeps, 'directory' | 'teamId' | 'sampleValidMs'> = {
  directory,
  teamId: TEAM,
  sampleValidMs: 15_000,
};

function valuesOf(taken: readonly Taken[], part: keyof Taken): readonly number[] {
  return taken.map((one) => one[part]);
}

function row(p95: number): Row {
  return {
    name: 'engine alone, a fix of three members, approved → ended, p95',
    ours: milliseconds(p95),
    theirs: '',
    ratio: '',
    limit: `≤ ${milliseconds(MOST_MS)}`,
    met: p95 <= MOST_MS,
  };
}
