// An executor in a process of its own, which ends itself by a signal at one of its effects: child.js <orders as JSON>
import { connectFast, ready } from '../../../src/adapters/redis/connection.js';
import type { Cluster } from '../../../src/domain/cluster.js';
import { execute } from '../../../src/engine/execute.js';
import { sweep } from '../../../src/engine/sweep.js';
import { executorOn } from './deps.js';
import { isPoint, told } from './effects.js';

export interface Orders {
  readonly url: string;
  readonly directory: string;
  readonly cluster: Cluster;
  readonly work: 'execute' | 'sweep';
  readonly operation: string;
  /** The number of the effect, from 1, at which it gets SIGTERM. */
  readonly endsAt?: number;
  /** And SIGKILL. */
  readonly diesAt?: number;
}

const orders = JSON.parse(process.argv[2] ?? '{}') as Orders;
const points: string[] = [];

const redis = connectFast(orders.url, () => undefined);
await ready(redis);
const { cluster, directory } = orders;
const executor = executorOn({ redis, clusters: [cluster], directory, witness: tell });
process.on('SIGTERM', executor.stop);
const deps = told(executor, tell);
if (orders.work === 'sweep') await sweep(deps);
else await execute(deps, orders.operation);
redis.disconnect();
process.stdout.write(JSON.stringify(points));

/** A signal to oneself is there before the call returns; the handler of SIGTERM runs in the next turn. */
async function tell(effect: string): Promise<void> {
  if (!isPoint(effect)) return;
  points.push(effect);
  if (points.length === orders.diesAt) process.kill(process.pid, 'SIGKILL');
  if (points.length !== orders.endsAt) return;
  process.kill(process.pid, 'SIGTERM');
  await new Promise((resolve) => process.once('SIGTERM', resolve));
}
