import { podFields } from './managed.js';
import { makeMeta, stamp, type Condition, type KubeObject, type OwnerReference } from './object.js';

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: object;
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: EnvVar[];
}

export interface PodSpec {
  containers: (Container & Record<string, unknown>)[];
  nodeName?: string;
  hostNetwork?: true;
  restartPolicy: string;
  [field: string]: unknown;
}

export interface ContainerStatus {
  name: string;
  state: {
    waiting?: { reason: string; message?: string };
    running?: { startedAt: string };
    terminated?: { exitCode: number; reason: string; startedAt: string; finishedAt: string };
  };
  lastState: object;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  image: string;
  imageID: string;
}

export interface PodStatus {
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  conditions?: Condition[];
  hostIP?: string;
  hostIPs?: { ip: string }[];
  podIP?: string;
  podIPs?: { ip: string }[];
  startTime?: string;
  containerStatuses?: ContainerStatus[];
  qosClass: string;
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec;
  readonly status: PodStatus;
}

/** What a controller makes pods from, and a person a bare one. */
export interface PodTemplate {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  container: Container;
  hostNetwork?: boolean;
  restartPolicy?: 'Always' | 'Never';
}

export interface NewPod {
  namespace: string;
  name: string;
  generateName?: string;
  createdAt: number;
  template: PodTemplate;
  owner?: OwnerReference;
  node?: string;
}

export function makePod({ namespace, name, generateName, createdAt, template, owner, node }: NewPod): Pod {
  const { labels, annotations, container } = template;
  return {
    metadata: makeMeta({
      ...{ namespace, name, createdAt, labels, generation: 1 },
      ...(generateName ? { generateName } : {}),
      ...(annotations ? { annotations } : {}),
      ...(owner ? { owner } : {}),
      managedFields: podFields(container.name, stamp(createdAt)),
    }),
    spec: {
      ...templateSpec(template),
      ...(node ? { nodeName: node } : {}),
      tolerations: [toleration('not-ready'), toleration('unreachable')],
      ...{ priority: 0, enableServiceLinks: true, preemptionPolicy: 'PreemptLowerPriority' },
    },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  };
}

/** The part of a pod's spec that its controller's template holds too. */
export function templateSpec({ container, hostNetwork, restartPolicy = 'Always' }: PodTemplate): PodSpec {
  const { name, image, command, args, env } = container;
  return {
    containers: [
      {
        ...{ name, image },
        ...(command ? { command } : {}),
        ...(args ? { args } : {}),
        ...(env ? { env } : {}),
        ...{
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    ...{ restartPolicy, terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst' },
    ...(hostNetwork ? { hostNetwork } : {}),
    ...{ securityContext: {}, schedulerName: 'default-scheduler' },
  };
}

function toleration(what: string): object {
  const key = `node.kubernetes.io/${what}`;
  return { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
}

export function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

export function isOver({ status }: Pod): boolean {
  return status.phase === 'Succeeded' || status.phase === 'Failed';
}
