import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { loadCatalogue } from '../../src/adapters/catalogue.js';
import { makeBackupStore } from '../../src/adapters/files/backups.js';
import { makeSpentTokens } from '../../src/adapters/files/spent.js';
import { makeLocks } from '../../src/adapters/redis/locks.js';
import { makeOperationStore } from '../../src/adapters/redis/operations.js';
import { makePauses } from '../../src/adapters/redis/pauses.js';
import { makeSampleStore } from '../../src/adapters/redis/records.js';
import { makeSigner } from '../../src/adapters/signer.js';
import { randomIds } from '../../src/adapters/system.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Collector } from '../../src/domain/collector.js';
import type { Access, AuditEvent, Directory } from '../../src/domain/ports.js';
import type { Runbook } from '../../src/domain/runbook.js';
import type { Step } from '../../src/domain/step.js';
import type { ExecutorDeps } from '../../src/engine/executor.js';
import type { ProposeDeps } from '../../src/engine/propose.js';
import type { ReviewDeps } from '../../src/engine/review.js';
import { waiting } from '../engine/world.js';
import { makeHurriedClock } from './hurried-clock.js';
import { meddledWith, witnessed, type Meddler } from './stage-meddling.js';

export interface StageDeps extends ExecutorDeps, ProposeDeps, ReviewDeps, Meddler {
  readonly trail: AuditEvent[];
  hurry(times: number): void;
  /** As after SIGTERM, or not. */
  stop(stopping: boolean): void;
}

interface Ground {
  readonly redis: Redis;
  readonly access: Access;
  readonly directory: string;
  readonly cluster: () => Cluster;
}

const SRC = new URL('../../src/', import.meta.url);

/** Everything real but Slack's directory, which lets everybody in, and the queues. */
export async function depsOf({ redis, access, directory, cluster }: Ground): Promise<StageDeps> {
  const meddler: Meddler = { meddling: [], sent: [] };
  const names = cluster().endpoints.map((_endpoint, index) => `m${String(index + 1)}`);
  const steps = await loadCatalogue<Step>(new URL('steps/', SRC));
  const { clock, waited, hurry } = makeHurriedClock();
  const trail: AuditEvent[] = [];
  let stopping = false;
  return {
    ...meddler,
    access: witnessed(access, names, meddler.sent),
    samples: makeSampleStore(redis),
    collectors: await loadCatalogue<Collector>(new URL('collectors/', SRC)),
    runbooks: await loadCatalogue<Runbook>(new URL('runbooks/', SRC)),
    steps: meddledWith(steps, meddler),
    operations: waiting(makeOperationStore(redis), waited),
    locks: makeLocks(redis),
    pauses: makePauses(redis),
    outbox: { put: async () => undefined },
    jobs: { ask: async () => undefined, run: async () => undefined, watch: async () => undefined },
    signer: makeSigner('the key of these tests'),
    ids: randomIds,
    audit: { record: async (event) => void trail.push(event) },
    spent: makeSpentTokens(join(directory, 'spent')),
    backups: makeBackupStore(),
    log: { info: silent, warn: silent, error: silent },
    directory: EVERYBODY,
    teamId: 'T1',
    sampleValidMs: 15_000,
    clock,
    trail,
    clusterOf: (name) => (name === cluster().name ? cluster() : undefined),
    stopping: () => stopping,
    hurry,
    stop: (now) => {
      stopping = now;
    },
  };
}

function silent(): void {
  // A log line more or less says nothing about what was done.
}

const EVERYBODY: Directory = {
  person: async (id) => ({ id, teamId: 'T1' }),
  isMember: async () => true,
  isShared: async () => false,
  groupMembers: async () => [],
};
