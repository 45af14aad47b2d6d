import type { Redis } from 'ioredis';
import type { Cluster } from '../../../src/domain/cluster.js';
import type { KubernetesOperator } from '../../../src/domain/kubernetes/ports.js';
import type { Clock, KubernetesAccess } from '../../../src/domain/ports.js';
import { afterEviction, apiOver, kubernetesOf, wedged, type KubernetesState } from '../../kubernetes.js';
import { callsKey, type Witness } from './etcd.js';

/** Its kubelets have given up; lives in Redis beside the simulated etcd, and outlives whoever acts on it. */
export const HANGING: KubernetesState = kubernetesOf(wedged('web-1'), wedged('web-2'), wedged('web-3'));

export function podsKey({ name }: Pick<Cluster, 'name'>): string {
  return `kubernetes:${name}:state`;
}

interface Place {
  readonly redis: Redis;
  readonly clusters: readonly Cluster[];
  readonly witness: Witness;
  readonly clock: Clock;
}

export function kubernetesAccess({ clusters, ...place }: Place): KubernetesAccess {
  const apiOf = (name: string): KubernetesOperator | null => {
    const cluster = clusters.find((one) => one.name === name);
    return cluster?.kubernetes ? api(cluster, place) : null;
  };
  return { reader: apiOf, operator: apiOf };
}

function api(cluster: Cluster, { redis, witness, clock }: Omit<Place, 'clusters'>): KubernetesOperator {
  const read = async (): Promise<KubernetesState> =>
    JSON.parse((await redis.get(podsKey(cluster))) ?? JSON.stringify(HANGING)) as KubernetesState;
  return apiOver({
    read,
    now: () => clock.now(),
    async evict(ref) {
      const what = `evict ${ref.name}`;
      await witness(`before ${what}`);
      const { answer, state } = afterEviction(await read(), ref, clock.now());
      await redis.multi().set(podsKey(cluster), JSON.stringify(state)).rpush(callsKey(cluster), what).exec();
      await witness(`after ${what}`);
      return answer;
    },
  });
}
