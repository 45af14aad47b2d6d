import type { Etcd3 } from 'etcd3';
import { connect } from '../../connect.js';
import type { TlsFiles } from '../../tls.js';
import { DatastoreError, type Datastore, type Document, type DocumentName } from './documents.js';

export interface EtcdDatastoreOptions {
  endpoints: string[];
  tls?: TlsFiles;
  /** A block's JSON is made at least so long, so that a small quota fills soon. */
  padBlocksTo?: number;
}

const V3 = '/calico/resources/v3/projectcalico.org';

/** Calico's keys in an etcd of its own. */
export function makeEtcdDatastore({ endpoints, tls, padBlocksTo = 0 }: EtcdDatastoreOptions): Datastore {
  const client = connect(endpoints, tls);
  return {
    put: (document) => passedOn(put(client, document, padBlocksTo)),
    remove: (name) => passedOn(client.delete().key(keyOf(name)).exec()),
    close: () => client.close(),
  };
}

function put(client: Etcd3, document: Document, padBlocksTo: number): Promise<unknown> {
  const key = keyOf(document);
  if (document.kind !== 'block') return client.put(key).value(JSON.stringify(document.value)).exec();
  const value = padded(document.value, padBlocksTo);
  // Calico's own way with blocks: a transaction that puts.
  return client.if(key, 'Version', '>', -1).then(client.put(key).value(value)).commit();
}

function padded(value: object, length: number): string {
  const text = JSON.stringify(value);
  const missing = length - text.length - ',"padding":""'.length;
  return missing > 0 ? `${text.slice(0, -1)},"padding":"${'x'.repeat(missing)}"}` : text;
}

export function keyOf(document: DocumentName): string {
  switch (document.kind) {
    case 'block':
      return `/calico/ipam/v2/assignment/ipv4/block/${dashed(document.cidr)}`;
    case 'affinity':
      return `/calico/ipam/v2/host/${document.node}/ipv4/block/${dashed(document.cidr)}`;
    case 'handle':
      return `/calico/ipam/v2/handle/${document.id}`;
    case 'endpoint':
      return `${V3}/workloadendpoints/${document.namespace}/${document.name}`;
    case 'pool':
      return `${V3}/ippools/${document.name}`;
    case 'config':
      return '/calico/ipam/v2/config';
    case 'cluster':
      return `${V3}/clusterinformations/default`;
  }
}

function dashed(cidr: string): string {
  return cidr.replace('/', '-');
}

async function passedOn(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const refused = /etcdserver: .*/.exec(text)?.[0];
    throw new DatastoreError(refused ?? wordsOf(text), refused?.includes('space exceeded') ?? false);
  }
}

/** In Go's words, which the plugin would use. */
function wordsOf(text: string): string {
  if (/deadline/i.test(text)) return 'context deadline exceeded';
  if (/ECONNREFUSED|UNAVAILABLE|connect/i.test(text)) return 'dial tcp: connect: connection refused';
  return text;
}
