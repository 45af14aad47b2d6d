import type { Redis } from 'ioredis';

/** Under the time limit of a command, so that a replica that hangs is an answer and not a failure. */
const REPLICA_WAIT_MS = 800;

export interface Durability {
  /** So many replicas must have what was written; 0: one, wherever Redis has any. */
  readonly waitForReplicas: number;
}

/**
 * With replicas, an entry that only the primary has could be lost with it: so many must have it first. Asked over the
 * connection that wrote it, because WAIT answers for the writes of its own connection alone; and once for all who ask
 * meanwhile, because all else on this connection stands behind it.
 */
export function makeReplicated(redis: Redis, { waitForReplicas }: Durability): () => Promise<boolean> {
  return inTurn(async () => {
    const needed = waitForReplicas > 0 ? waitForReplicas : Math.min(1, await replicasOf(redis));
    return needed === 0 || (await redis.wait(needed, REPLICA_WAIT_MS)) >= needed;
  });
}

async function replicasOf(redis: Redis): Promise<number> {
  return Number(/connected_slaves:(\d+)/.exec(await redis.info('replication'))?.[1] ?? 0);
}

/** One at a time; whoever comes while one is at work shares the next one, which begins after they came. */
function inTurn<T>(ask: () => Promise<T>): () => Promise<T> {
  let [now, next]: [Promise<unknown>, Promise<T> | null] = [Promise.resolve(), null];
  const begin = (): Promise<T> => {
    next = null;
    const answer = ask();
    now = answer.catch(() => undefined);
    return answer;
  };
  return () => (next ??= now.then(begin));
}
