import type { CustomObject, Kinds } from '../kinds.js';
import { plainFields } from '../objects/managed.js';
import { makeMeta, stamp } from '../objects/object.js';
import type { Store } from '../store.js';
import type { Datastore, Document, DocumentName } from './documents.js';

type CustomResource = Extract<keyof Kinds, 'ippools' | 'ipamblocks' | 'blockaffinities' | 'ipamhandles'>;

interface Place {
  resource: CustomResource;
  name: string;
}

/** Calico's objects as custom resources, where it uses Kubernetes as its datastore. */
export function makeCrdDatastore(store: Store, now: () => number): Datastore {
  return {
    async put(document) {
      const place = placeOf(document);
      if (!place) return;
      const spec = specOf(document, place.name);
      const known = store.get(place.resource, place.name);
      store.put(place.resource, known ? { ...known, spec } : fresh(place.name, spec, now()));
    },
    async remove(name) {
      const place = placeOf(name);
      if (place) store.remove(place.resource, place.name);
    },
    close() {},
  };
}

function fresh(name: string, spec: unknown, createdAt: number): CustomObject {
  const managedFields = plainFields('crd.projectcalico.org/v1', stamp(createdAt));
  return { metadata: makeMeta({ name, createdAt, generation: 1, managedFields }), spec };
}

/** Undefined: Kubernetes has it elsewhere (a pod is its own endpoint), or we don't serve it. */
function placeOf(document: DocumentName): Place | undefined {
  switch (document.kind) {
    case 'block':
      return { resource: 'ipamblocks', name: dashed(document.cidr) };
    case 'affinity':
      return { resource: 'blockaffinities', name: `${document.node}-${dashed(document.cidr)}` };
    case 'handle':
      return { resource: 'ipamhandles', name: document.id.toLowerCase() };
    case 'pool':
      return { resource: 'ippools', name: document.name };
    case 'endpoint':
    case 'config':
    case 'cluster':
      return undefined;
  }
}

/** Beside the value of etcd, they name what is in etcd's key. Affinities say `deleted` as a text. */
function specOf(document: Document, name: string): unknown {
  if (document.kind === 'affinity') {
    const { node, cidr, value } = document;
    return { state: value.state, node, cidr, deleted: String(value.deleted) };
  }
  if (document.kind === 'handle') return { ...document.value, handleID: name };
  if (document.kind === 'pool') return (document.value as { spec: unknown }).spec;
  return document.value;
}

function dashed(cidr: string): string {
  return cidr.replace(/[./]/g, '-');
}
