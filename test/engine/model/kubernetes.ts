import { TargetError, type TargetErrorCode } from '../../../src/domain/errors.js';
import type { KubernetesOperator } from '../../../src/domain/kubernetes/ports.js';
import { afterEviction, apiOver, up } from '../../kubernetes.js';
import type { Call, Cluster, Surroundings } from './cluster.js';
import { recorded } from './connection.js';

const CALL_MS = 2;
/** A watch in which nothing happens lasts as long as it may. */
const WATCH_MS = 15_000;
const SELF = { name: 'kubernetes' };

/** The Kubernetes of the model: each call is recorded, and may end otherwise than well. */
export function kubernetesIn(cluster: Cluster, surroundings: Surroundings): KubernetesOperator {
  const made = <T>(kind: Call['kind'], about: string, effect: () => T): T => {
    surroundings.passes(kind === 'watch' ? WATCH_MS : CALL_MS);
    cluster.tick();
    const call = recorded(cluster, SELF, { at: surroundings.now(), kind, about });
    const fault = surroundings.fault(call, cluster.calls.length - 1);
    const fails = (code: TargetErrorCode | Error): Error =>
      code instanceof Error ? code : new TargetError(code, 'kubernetes', `kubernetes: ${code}`);
    if (fault && !fault.done) throw fails(fault.code);
    const result = effect();
    call.done = true;
    if (fault) throw fails(fault.code);
    return result;
  };
  return apiOver({
    now: surroundings.now,
    read: async () => retried(cluster),
    asked: async (what) => made(what, '', () => undefined),
    evict: async (ref) =>
      made('evict', ref.uid, () => {
        const after = afterEviction(cluster.kubernetes, ref, surroundings.now());
        cluster.kubernetes = after.state;
        return after.answer;
      }),
  });
}

/** Kubelets that have not given up bring their pods up as soon as etcd takes their addresses. */
function retried(cluster: Cluster): Cluster['kubernetes'] {
  const patient = cluster.kubernetes.pods.filter(({ labels }) => labels['kubelet'] === 'patient');
  if (cluster.alarms.length > 0) return cluster.kubernetes;
  for (const { name } of patient) cluster.kubernetes = up(cluster.kubernetes, name);
  return cluster.kubernetes;
}
