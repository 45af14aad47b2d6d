import { stamp, type Condition } from './object.js';
import type { ContainerStatus, Pod, PodStatus } from './pod.js';

/* A pod's status at each turn of its life, as scheduler and kubelet write it. */

export function scheduled(pod: Pod, node: string, at: number): Pod {
  const conditions = withCondition(pod, condition('PodScheduled', 'True', at));
  return {
    ...pod,
    spec: { ...pod.spec, nodeName: node },
    status: { ...pod.status, conditions },
  };
}

export function unschedulable(pod: Pod, message: string, at: number): Pod {
  const refused = { ...condition('PodScheduled', 'False', at), reason: 'Unschedulable', message };
  return { ...pod, status: { ...pod.status, conditions: withCondition(pod, refused) } };
}

export interface Waiting {
  reason: string;
  message?: string;
}

/** The kubelet has taken it on, and it waits for its sandbox, its image or another thing. */
export function waiting(pod: Pod, why: Waiting, at: number): Pod {
  return withStatus(pod, {
    phase: 'Pending',
    conditions: conditions(pod, { ready: false, at }),
    startTime: pod.status.startTime ?? stamp(at),
    containerStatuses: [containerStatus(pod, { waiting: why })],
  });
}

export function withAddresses(pod: Pod, { address, host }: { address: string; host: string }): Pod {
  const { hostIP = host } = pod.status;
  return withStatus(pod, { hostIP, hostIPs: [{ ip: hostIP }], podIP: address, podIPs: [{ ip: address }] });
}

export function running(pod: Pod, at: number): Pod {
  const status = {
    ...containerStatus(pod, { running: { startedAt: stamp(at) } }),
    ready: true,
    started: true,
  };
  return withStatus(pod, {
    phase: 'Running',
    conditions: conditions(pod, { ready: true, at }),
    startTime: pod.status.startTime ?? stamp(at),
    containerStatuses: [status],
  });
}

/** Still running, but its probe says no (or yes again). */
export function probed(pod: Pod, ready: boolean, at: number): Pod {
  const statuses = (pod.status.containerStatuses ?? []).map((status) => ({ ...status, ready }));
  return withStatus(pod, { conditions: conditions(pod, { ready, at }), containerStatuses: statuses });
}

export function over(pod: Pod, phase: 'Succeeded' | 'Failed', at: number): Pod {
  const times = { startedAt: pod.status.startTime ?? stamp(at), finishedAt: stamp(at) };
  const [exitCode, reason] = phase === 'Succeeded' ? [0, 'Completed'] : [1, 'Error'];
  return withStatus(pod, {
    phase,
    conditions: conditions(pod, { ready: false, at, reason: `Pod${reason}` }),
    containerStatuses: [containerStatus(pod, { terminated: { exitCode, reason, ...times } })],
  });
}

export function evicting(pod: Pod, at: number): Pod {
  const target = condition('DisruptionTarget', 'True', at);
  const why = { reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
  return withStatus(pod, { conditions: withCondition(pod, { ...target, ...why }) });
}

/** Asked to go, by a certain time. */
export function terminating(pod: Pod, at: number, graceSeconds: number): Pod {
  const { metadata } = pod;
  const generation = metadata.deletionTimestamp ? metadata.generation : (metadata.generation ?? 1) + 1;
  return {
    ...pod,
    metadata: {
      ...metadata,
      ...(generation === undefined ? {} : { generation }),
      deletionTimestamp: stamp(at + graceSeconds * 1000),
      deletionGracePeriodSeconds: graceSeconds,
    },
  };
}

function withStatus(pod: Pod, status: Partial<PodStatus>): Pod {
  return { ...pod, status: { ...pod.status, ...status } };
}

function condition(type: string, status: Condition['status'], at: number): Condition {
  return { type, status, lastProbeTime: null, lastTransitionTime: stamp(at) };
}

interface Readiness {
  ready: boolean;
  at: number;
  reason?: string;
}

function conditions(pod: Pod, { ready, at, reason = 'ContainersNotReady' }: Readiness): Condition[] {
  const [container] = pod.spec.containers;
  const message = `containers with unready status: [${container?.name}]`;
  const is = (type: string): Condition => ({
    ...condition(type, ready ? 'True' : 'False', at),
    ...(ready ? {} : { reason, message }),
  });
  const started: Condition = condition('PodReadyToStartContainers', pod.status.podIP ? 'True' : 'False', at);
  const all = [started, condition('Initialized', 'True', at), is('Ready'), is('ContainersReady')];
  return all.reduce((kept, next) => merged(kept, next), pod.status.conditions ?? []);
}

function withCondition(pod: Pod, next: Condition): Condition[] {
  return merged(pod.status.conditions ?? [], next);
}

/** A condition that did not turn keeps the time when it last did. */
function merged(all: Condition[], next: Condition): Condition[] {
  const before = all.find(({ type }) => type === next.type);
  if (!before) return [...all, next];
  const since = before.status === next.status ? before.lastTransitionTime : next.lastTransitionTime;
  return all.map((kept) => (kept === before ? { ...next, lastTransitionTime: since } : kept));
}

function containerStatus(pod: Pod, state: ContainerStatus['state']): ContainerStatus {
  const [container] = pod.spec.containers;
  const { name = '', image = '' } = container ?? {};
  return { name, state, lastState: {}, ready: false, restartCount: 0, image, imageID: '' };
}
