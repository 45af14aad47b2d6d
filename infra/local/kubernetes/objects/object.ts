import { randomBytes, randomUUID } from 'node:crypto';

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller: true;
  blockOwnerDeletion: true;
}

export interface Meta {
  name: string;
  generateName?: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  managedFields?: readonly object[];
}

/** As stored: without kind and apiVersion, which lists leave out too. Never changed, only replaced. */
export interface KubeObject {
  readonly metadata: Readonly<Meta>;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  lastProbeTime?: string | null;
  lastHeartbeatTime?: string | null;
  lastTransitionTime: string | null;
  reason?: string;
  message?: string;
}

export interface NewMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  createdAt: number;
  /** Absent where the API counts no generations: nodes, events. */
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owner?: OwnerReference;
  managedFields?: readonly object[];
}

/** The store gives the resourceVersion. */
export function makeMeta(given: NewMeta): Meta {
  const { name, generateName, namespace, createdAt, generation, labels, annotations, owner } = given;
  return {
    name,
    ...(generateName ? { generateName } : {}),
    ...(namespace ? { namespace } : {}),
    uid: randomUUID(),
    resourceVersion: '',
    ...(generation === undefined ? {} : { generation }),
    creationTimestamp: stamp(createdAt),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(owner ? { ownerReferences: [owner] } : {}),
    managedFields: given.managedFields ?? [],
  };
}

/** Kubernetes tells times in whole seconds. */
export function stamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function keyOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

// No vowels and nothing that looks like one, so that no suffix is a word.
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

export function suffix(length = 5): string {
  return [...randomBytes(length)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

export function ownerOf(apiVersion: string, kind: string, { metadata }: KubeObject): OwnerReference {
  const { name, uid } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function isOwnedBy(object: KubeObject, uid: string): boolean {
  return object.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
}
