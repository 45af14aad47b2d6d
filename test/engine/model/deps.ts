import type { Cluster } from '../../../src/domain/cluster.js';
import type { Collector } from '../../../src/domain/collector.js';
import { TargetError } from '../../../src/domain/errors.js';
import type { Clock, Ids } from '../../../src/domain/ports.js';
import type { FactName } from '../../../src/domain/snapshot.js';
import type { CancelDeps } from '../../../src/engine/cancel.js';
import type { ExecutorDeps } from '../../../src/engine/executor.js';
import type { SteerDeps } from '../../../src/engine/pause.js';
import type { ProposeDeps } from '../../../src/engine/propose.js';
import type { ReviewDeps } from '../../../src/engine/review.js';
import { signer } from '../world.js';
import type { Memory } from './memory.js';
import { directoryOf, TEAM } from './people.js';
import type { Target } from './target.js';
import { fragile, type Trouble } from './trouble.js';

/** What all processes share, and what their one machine keeps. */
export interface Machine {
  readonly memory: Memory;
  readonly target: Target;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly slack: { away: boolean };
  cluster: Cluster;
  /** Operations whose run was asked for, again and again. */
  readonly jobs: string[];
  readonly spent: Set<string>;
  stopping: boolean;
  /** Time goes on. */
  passes(ms: number): void;
}

export type Everything = ExecutorDeps & ReviewDeps & CancelDeps & ProposeDeps & SteerDeps;

/** A process of its own, with all that the engine can be asked, and with its own trouble. */
export function makeDeps(machine: Machine, trouble: Trouble = { is: 'none' }): Everything {
  const { memory, target, clock, ids, slack } = machine;
  const { wrap } = fragile(trouble, machine.passes);
  const silent = (): void => undefined;
  return {
    operations: wrap(memory.operations),
    locks: wrap(memory.locks),
    pauses: wrap(memory.pauses),
    samples: wrap(memory.samples),
    outbox: wrap({ put: async () => undefined }),
    jobs: wrap({
      ask: async () => undefined,
      run: async (id: string) => void machine.jobs.push(id),
      watch: async () => undefined,
    }),
    answers: wrap({ save: async () => undefined, load: async () => null }),
    audit: wrap({ record: async () => undefined }, 'disk'),
    spent: wrap({ spend: async (token: string) => spend(machine.spent, token) }, 'disk'),
    steps: new Map([...target.steps].map(([kind, step]) => [kind, wrap(step, 'disk')])),
    runbooks: target.runbooks,
    collectors: collectorsOf(target),
    access: { reader: () => ({ members: [] }), operator: () => ({ members: [] }) },
    backups: {
      freeBytes: async () => 0,
      save: () => Promise.reject(new Error('no backups here')),
      find: async () => null,
      prune: async () => [],
    },
    directory: directoryOf(slack),
    teamId: TEAM,
    sampleValidMs: 60_000,
    signer,
    clock,
    ids,
    log: { info: silent, warn: silent, error: silent },
    clusterOf: (name) => (name === machine.cluster.name ? machine.cluster : undefined),
    stopping: () => machine.stopping,
  };
}

function spend(spent: Set<string>, token: string): boolean {
  const fresh = !spent.has(token);
  spent.add(token);
  return fresh;
}

function collectorsOf(target: Target): ReadonlyMap<string, Collector> {
  const names: readonly FactName[] = ['members', 'status', 'metrics', 'alarms', 'live-keys'];
  const readerOf = (name: FactName): Collector => ({
    async read() {
      const fact = target.snapshot().facts[name];
      if (fact?.known) return fact.value;
      throw new TargetError(fact?.code ?? 'not-read', 'target', fact?.reason ?? 'not asked');
    },
  });
  return new Map(names.map((name) => [name, readerOf(name)]));
}
