import type { Redis } from 'ioredis';
import { isOpen, isTerminal, type Operation } from '../../domain/operation.js';
import type { Change, OperationStore, Swapped } from '../../domain/ports.js';
import { asked, PREFIX } from './connection.js';
import { lockKeys, operationKey } from './locks.js';
import { makeReplicated, type Durability } from './replicas.js';
import { CREATE, SWAP } from './scripts.js';

/** A hundred clicks at once make a hundred swaps: each round at least one of them wins. */
const MOST_ATTEMPTS = 200;

export const OUTBOX_KEY = `${PREFIX}outbox`;
/** Operations that have not ended, or are still watched. */
const OPEN_KEY = `${PREFIX}operations:open`;
const ALL = `${PREFIX}operations`;

/** Operations in Redis: one hash each, `version`, `json` and, at the end, `ended`; changed by one script only. */
export function makeOperationStore(
  redis: Redis,
  durability: Durability = { waitForReplicas: 0 },
): OperationStore {
  const replicated = makeReplicated(redis, durability);
  const now = async (): Promise<number> => {
    const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
    return seconds * 1000 + Math.floor(micros / 1000);
  };
  const load = async (id: string): Promise<Operation | null> =>
    parse(await redis.hget(operationKey(id), 'json'));
  const loadAll = async (ids: readonly string[]): Promise<readonly Operation[]> =>
    (await Promise.all(ids.map(load))).filter((operation) => operation !== null);
  return {
    now: () => asked(now),
    load: (id) => asked(() => load(id)),
    open: () => asked(async () => loadAll(await redis.smembers(OPEN_KEY))),
    create: (operation) => asked(() => create(redis, operation)),
    swap: (id, change) => swap({ redis, load, now }, id, change),
    replicated: () => asked(replicated),
    recent: (limit, cluster) =>
      asked(async () => {
        const ids = await redis.zrevrange(ALL, 0, cluster === undefined ? limit - 1 : 500);
        const operations = await loadAll(ids);
        return operations
          .filter((one) => cluster === undefined || one.plan.cluster === cluster)
          .slice(0, limit);
      }),
  };
}

function parse(json: string | null): Operation | null {
  return json === null ? null : (JSON.parse(json) as Operation);
}

async function create(redis: Redis, operation: Operation): Promise<void> {
  const { id, createdAt } = operation;
  await redis.eval(
    CREATE,
    4,
    operationKey(id),
    OPEN_KEY,
    ALL,
    OUTBOX_KEY,
    id,
    JSON.stringify(operation),
    createdAt,
  );
}

interface Reading {
  readonly redis: Redis;
  readonly load: (id: string) => Promise<Operation | null>;
  readonly now: () => Promise<number>;
}

/** Only Redis' failures are failures of the target: what `change` throws is a bug, and stays one. */
async function swap({ redis, load, now }: Reading, id: string, change: Change): Promise<Swapped> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const [operation, at] = await asked(() => Promise.all([load(id), now()]));
    if (!operation) return { ok: false, reason: 'there is no such operation', operation: null };
    const changed = change(operation, at);
    if (!changed.ok) return { ok: false, reason: changed.reason, operation };
    const next: Operation = { ...changed.operation, version: operation.version + 1 };
    const outcome = await asked(() => write(redis, operation, { next, notAfter: changed.notAfter }));
    if (outcome === 'ok') return { ok: true, operation: next };
    if (outcome === 'late') return { ok: false, reason: 'its time has passed', operation };
  }
  throw new Error(`operation ${id} changed under every one of ${String(MOST_ATTEMPTS)} attempts`);
}

interface Written {
  readonly next: Operation;
  readonly notAfter: number | undefined;
}

function write(redis: Redis, before: Operation, { next, notAfter }: Written): Promise<unknown> {
  const keys = [
    operationKey(next.id),
    OPEN_KEY,
    OUTBOX_KEY,
    ...lockKeys(next.plan.cluster, next.plan.clusterId),
  ];
  const versions = [String(before.version), String(next.version)];
  const [closed, terminal] = [!isOpen(next), isTerminal(next)].map((flag) => (flag ? '1' : '0'));
  const limit = notAfter === undefined ? '' : String(notAfter);
  const values = [...versions, JSON.stringify(next), limit, next.id, closed ?? '0', terminal ?? '0'];
  return redis.eval(SWAP, keys.length, ...keys, ...values);
}
