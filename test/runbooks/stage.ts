import { loadCatalogue } from '../../src/adapters/catalogue.js';
import { makeAccess } from '../../src/adapters/etcd/access.js';
import { makeBackupStore } from '../../src/adapters/files/backups.js';
import { systemClock } from '../../src/adapters/system.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Collector } from '../../src/domain/collector.js';
import type { Verdict } from '../../src/domain/errors.js';
import type { Plan } from '../../src/domain/plan.js';
import type { SampleStore } from '../../src/domain/ports.js';
import type { Runbook, RunbookSetting } from '../../src/domain/runbook.js';
import type { FactName, Snapshot } from '../../src/domain/snapshot.js';
import type { Step, StepContext } from '../../src/domain/step.js';
import { collect } from '../../src/engine/collect.js';
import { clusterOf } from '../engine/world.js';
import { pendingFix } from '../operations.js';
import { SETTING } from './planning.js';

const SRC = new URL('../../src/', import.meta.url);
const OPERATION = 'op1234567890abcdef';

export interface RealStage {
  look(names: readonly FactName[]): Promise<Snapshot>;
  plan(runbook: string, setting?: Partial<RunbookSetting>): Promise<Verdict<Plan>>;
  /** Every act of the plan in turn, a gate taken for open: "done m2 leads now", "skip …", "stop …". */
  carryOut(plan: Plan): Promise<readonly string[]>;
  close(): void;
}

/** The catalogue's own runbooks and steps against a real cluster, without Slack, Redis and approvals. */
export async function makeRealStage(endpoints: readonly string[]): Promise<RealStage> {
  const access = makeAccess({ connections: () => ({}), canOperate: true });
  const cluster: Cluster = { ...clusterOf(pendingFix()), endpoints };
  const runbooks = await loadCatalogue<Runbook>(new URL('runbooks/', SRC));
  const steps = await loadCatalogue<Step>(new URL('steps/', SRC));
  const collectors = await loadCatalogue<Collector>(new URL('collectors/', SRC));
  const look = (names: readonly FactName[]): Promise<Snapshot> =>
    collect({ access, samples: forgetful, collectors, clock: systemClock }, cluster, names);

  const contextOf = (plan: Plan, index: number): StepContext => ({
    act: plan.steps[index] as StepContext['act'],
    plan,
    operationId: OPERATION,
    createdAt: plan.factsAt,
    cluster,
    reader: access.reader(cluster),
    operator: () => access.operator(cluster),
    kubernetes: null,
    kubernetesOperator: () => null,
    backups: makeBackupStore(),
    clock: systemClock,
    waitedMs: 0,
    defragmented: membersIn(plan.steps.slice(0, index)),
    toDefragment: membersIn(plan.steps.slice(index)),
    examine: look,
    progress: async () => undefined,
  });

  return {
    look,
    async plan(id, setting = {}) {
      const runbook = runbooks.get(id)!;
      return runbook.plan(await look(runbook.needs), { ...SETTING, now: Date.now(), ...setting });
    },
    async carryOut(plan) {
      const said: string[] = [];
      for (const [index, { kind }] of plan.steps.entries()) {
        if (kind !== 'gate') said.push(await carriedOut(steps.get(kind)!, contextOf(plan, index)));
      }
      return said;
    },
    close: () => {
      access.close();
    },
  };
}

function membersIn(steps: Plan['steps']): readonly string[] {
  return steps.flatMap((step) => (step.kind === 'defragment' ? [step.memberId] : []));
}

async function carriedOut(step: Step, context: StepContext): Promise<string> {
  const ready = await step.precondition(context);
  if (ready.go !== 'act') return `${ready.go} ${ready.because}`;
  await step.act(context, ready.evidence);
  const deadline = Date.now() + Math.min(30_000, step.settlesWithinMs);
  for (;;) {
    const effect = await step.effect(context, ready.evidence, true);
    if (effect.seen === 'done') return `done ${effect.result}`;
    if (Date.now() > deadline) return `${effect.seen} ${effect.because}`;
    await systemClock.pause(50);
  }
}

const forgetful: SampleStore = {
  newest: async () => null,
  save: async () => undefined,
  pin: async (_cluster, id) => id,
  pinned: async () => null,
  owners: async () => ({}),
  remember: async () => undefined,
  revisions: async () => [],
};
