import alarms from '../../../src/collectors/alarms.js';
import liveKeys from '../../../src/collectors/live-keys.js';
import members from '../../../src/collectors/members.js';
import metrics from '../../../src/collectors/metrics.js';
import nodes from '../../../src/collectors/nodes.js';
import pods from '../../../src/collectors/pods.js';
import status from '../../../src/collectors/status.js';
import type { Collector } from '../../../src/domain/collector.js';
import { isTerminal, type Operation, type StepState } from '../../../src/domain/operation.js';
import type { BackupStore, OperationStore } from '../../../src/domain/ports.js';
import type { Runbook } from '../../../src/domain/runbook.js';
import type { Step } from '../../../src/domain/step.js';
import type { Question } from '../../../src/domain/answer.js';
import { execute } from '../../../src/engine/execute.js';
import type { ExecutorDeps } from '../../../src/engine/executor.js';
import { propose, type ProposeDeps } from '../../../src/engine/propose.js';
import { review, type ReviewDeps } from '../../../src/engine/review.js';
import { sweep } from '../../../src/engine/sweep.js';
import backupBook from '../../../src/runbooks/backup.js';
import compactBook from '../../../src/runbooks/compact.js';
import defragBook from '../../../src/runbooks/defrag.js';
import disarmBook from '../../../src/runbooks/disarm.js';
import fixBook from '../../../src/runbooks/fix.js';
import moveLeaderBook from '../../../src/runbooks/move-leader.js';
import restartPodsBook from '../../../src/runbooks/restart-pods.js';
import backup from '../../../src/steps/backup.js';
import compact from '../../../src/steps/compact.js';
import defragment from '../../../src/steps/defragment.js';
import disarm from '../../../src/steps/disarm.js';
import moveLeader from '../../../src/steps/move-leader.js';
import restartPods from '../../../src/steps/restart-pods.js';
import writeProbe from '../../../src/steps/write-probe.js';
import { HOUR, MINUTE, NOW } from '../../facts.js';
import { pendingFix } from '../../operations.js';
import { clusterOf, signer } from '../world.js';
import { makeCluster, type Call, type Cluster, type Fault } from './cluster.js';
import type { Happening } from './faults.js';
import { makeMemory } from './memory.js';
import { directoryOf, TEAM } from './people.js';
import { Died } from './trouble.js';

/** A step's journal was written, when so many calls had been made. */
export interface Mark {
  readonly calls: number;
  readonly step: string;
  readonly state: StepState;
}

/** The shipped engine, runbooks, steps and collectors on a cluster that is a model, with a clock that does not wait. */
export interface Stage {
  readonly cluster: Cluster;
  readonly marks: readonly Mark[];
  /** A plan of this kind, approved by U2 and U3. */
  approved(verb: string, options?: Question['options']): Promise<Operation>;
  /** `disturb` is told of each call before it is made. */
  run(disturb?: (call: Call, index: number) => Disturbance): Promise<Operation>;
  holder(): Promise<string | null>;
  /** Somebody wants it to end: asked for on its card, for the cluster, or by the end of its process. */
  asks(what: 'cancel' | 'pause' | 'hand over'): void;
  /** Long enough for whatever a server is still at. */
  later(): void;
}

/** How a call ends; or what happens first; or the end of the process, just before the call or just after it. */
export type Disturbance = Fault | Happening | 'dies' | 'dies after it';

const RUNBOOKS = {
  backup: backupBook,
  compact: compactBook,
  defrag: defragBook,
  disarm: disarmBook,
  fix: fixBook,
  'restart-pods': restartPodsBook,
};
const STEPS = {
  ...{ backup, compact, defragment, disarm, 'move-leader': moveLeader },
  ...{ 'restart-pods': restartPods, 'write-probe': writeProbe },
};
const COLLECTORS = { alarms, 'live-keys': liveKeys, members, metrics, nodes, pods, status };
const CHANNEL = 'C0PLATFORM';
const MOST_ROUNDS = 30;

export function makeStage(count = 3): Stage {
  const marks: Mark[] = [];
  const jobs: string[] = [];
  const due: { at: number; later: NonNullable<Happening['later']> }[] = [];
  let [now, ids, handsOver] = [NOW, 0, false];
  let disturb: (call: Call, index: number) => Disturbance = () => null;
  const passes = (ms: number): void => {
    now += ms;
    for (const one of due.filter(({ at }) => at <= now)) {
      due.splice(due.indexOf(one), 1);
      one.later(cluster, now);
    }
  };
  const cluster: Cluster = makeCluster(
    { now: () => now, passes, fault: (call, index) => faultOf(call, index) },
    count,
  );
  const memory = makeMemory(() => now);
  const configured = {
    ...clusterOf(pendingFix()),
    endpoints: cluster.members.map(({ endpoint }) => endpoint),
    get kubernetes() {
      return cluster.kubernetes.pods.length === 0
        ? null
        : { kubeconfig: null, context: null, patienceMs: 180_000 };
    },
  };
  const silent = (): void => undefined;
  const spent = new Set<string>();
  const deps: ExecutorDeps & ProposeDeps & ReviewDeps = {
    ...memory,
    operations: marked(memory.operations),
    access: cluster.access,
    kubernetes: { reader: () => cluster.kubernetesApi, operator: () => cluster.kubernetesApi },
    collectors: new Map(Object.entries<Collector>(COLLECTORS)),
    steps: new Map(Object.entries<Step>(STEPS as unknown as Record<string, Step>)),
    runbooks: new Map(Object.entries<Runbook>({ ...RUNBOOKS, 'move-leader': moveLeaderBook })),
    clock: { now: () => now, pause: async (ms) => passes(ms) },
    ids: { next: () => `id${String(++ids)}` },
    outbox: { put: async () => undefined },
    jobs: { ask: async () => undefined, run: async (id) => void jobs.push(id), watch: async () => undefined },
    audit: { record: async () => undefined },
    spent: { spend: async (token) => !spent.has(token) && spent.add(token).has(token) },
    backups: backupsIn(new Map()),
    signer,
    directory: directoryOf({ away: false }),
    teamId: TEAM,
    sampleValidMs: MINUTE,
    log: { info: silent, warn: silent, error: silent },
    clusterOf: () => configured,
    stopping: () => handsOver && !(handsOver = false),
  };

  /** What the disturbance does first; and how the call ends. */
  function faultOf(call: Call, index: number): Fault {
    const what = disturb(call, index);
    if (what === 'dies') throw new Died('the process is gone');
    if (what === 'dies after it') return { code: new Died('the process is gone'), done: true };
    if (what === null || 'code' in what) return what;
    what.happens(cluster, now);
    if (what.later) due.push({ at: now + (what.lastsMs ?? 0), later: what.later });
    return null;
  }

  /** Notes which steps' journals a change of a record has written. */
  function marked(store: OperationStore): OperationStore {
    return {
      ...store,
      async swap(id, change) {
        let before: Operation | undefined;
        const swapped = await store.swap(id, (operation, at) => change((before = operation), at));
        if (swapped.ok)
          swapped.operation.steps.forEach(({ step, state }, index) => {
            if (before?.steps[index]?.state !== state)
              marks.push({ calls: cluster.calls.length, step: step.id, state });
          });
        return swapped;
      },
    };
  }

  async function attempted(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
  }

  const only = async (): Promise<Operation> => {
    const [operation] = await memory.operations.recent(1);
    if (!operation) throw new Error('nothing was proposed');
    return operation;
  };

  return {
    cluster,
    marks,
    holder: () => memory.locks.holder(configured.name, cluster.members[0]?.id ?? ''),
    asks(what) {
      const by = { teamId: TEAM, userId: 'U1' };
      if (what === 'hand over') handsOver = true;
      if (what === 'pause')
        void memory.pauses.set({ scope: configured.name, by, reason: 'a release', at: now });
      if (what === 'cancel')
        void only().then(({ id }) =>
          memory.operations.swap(id, (operation) => ({
            ok: true,
            operation: { ...operation, cancelledBy: by, cancelRequestedAt: now },
          })),
        );
    },
    later() {
      passes(HOUR);
      cluster.tick();
    },
    async approved(verb, options = {}) {
      const asker = { teamId: TEAM, userId: 'U1' };
      const rest = { id: 'question', version: 1, place: { channel: CHANNEL }, askedAt: now, facts: [] };
      const question = { ...rest, verb, cluster: configured.name, options, asker };
      const proposed = await propose(deps, configured, question);
      if (!proposed.ok) throw new Error(proposed.reason);
      const operationId = proposed.value.id;
      for (const userId of ['U2', 'U3'])
        await review(deps, configured, {
          ...{ operationId, channel: CHANNEL, standstillConfirmed: true },
          actor: { teamId: TEAM, userId },
          verdict: 'approve',
        });
      cluster.calls.splice(0);
      return only();
    },
    async run(how = () => null) {
      disturb = how;
      const { id } = await only();
      await attempted(() => execute(deps, id));
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const operation = await only();
        if (isTerminal(operation) || operation.waitsForPerson !== undefined) return operation;
        passes(MINUTE);
        await attempted(() => sweep(deps));
        for (const job of jobs.splice(0)) await attempted(() => execute(deps, job));
      }
      return only();
    },
  };
}

function backupsIn(files: Map<string, number>): BackupStore {
  return {
    freeBytes: async () => 1e12,
    async save({ directory, name }, content) {
      let bytes = 0;
      for await (const chunk of content) bytes += chunk.length;
      files.set(`${directory}/${name}`, bytes);
      return { path: `${directory}/${name}`, bytes, sha256: '' };
    },
    find: async (directory, name) => {
      const bytes = files.get(`${directory}/${name}`);
      return bytes === undefined ? null : { path: `${directory}/${name}`, bytes };
    },
    prune: async () => [],
  };
}
