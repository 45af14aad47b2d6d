import type { ObjectRef, Owner } from '../../../domain/kubernetes/records.js';
import { at, list, text, time } from '../json.js';

/** Null: no object of a Kubernetes API, whatever else it may be. */
export function refOf(item: unknown): ObjectRef | null {
  const metadata = at(item, 'metadata');
  const name = text(at(metadata, 'name'));
  const uid = text(at(metadata, 'uid'));
  return name === null || uid === null
    ? null
    : { namespace: text(at(metadata, 'namespace')) ?? '', name, uid };
}

/** The epoch where the API server does not say: it always does. */
export function createdAt(item: unknown): number {
  return time(at(item, 'metadata', 'creationTimestamp')) ?? 0;
}

/** Of several owners the one that controls it. */
export function ownerOf(item: unknown): Owner | null {
  const owner = list(at(item, 'metadata', 'ownerReferences')).find((one) => at(one, 'controller') === true);
  const kind = text(at(owner, 'kind'));
  const name = text(at(owner, 'name'));
  const uid = text(at(owner, 'uid'));
  return kind === null || name === null || uid === null ? null : { kind, name, uid };
}

/** A condition of its status by its type. */
export function condition(item: unknown, type: string): unknown {
  return list(at(item, 'status', 'conditions')).find((one) => at(one, 'type') === type);
}
