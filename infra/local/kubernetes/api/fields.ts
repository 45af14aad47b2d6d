import type { Resource } from '../kinds.js';
import type { KubeObject } from '../objects/object.js';
import { badRequest } from './status.js';

export type FieldTest = (object: KubeObject) => boolean;

const EVERYWHERE = ['metadata.name', 'metadata.namespace'];
const INVOLVED = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

/** The real server knows only these, each of them by hand. */
const FIELDS: Readonly<Partial<Record<Resource, readonly string[]>>> = {
  pods: [
    ...['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName'],
    ...['spec.hostNetwork', 'status.phase', 'status.podIP', 'status.nominatedNodeName'],
  ],
  events: [
    ...INVOLVED.map((field) => `involvedObject.${field}`),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  nodes: ['spec.unschedulable'],
  replicasets: ['status.replicas'],
  jobs: ['status.successful'],
};

const TERM = /^([^=!]+)(==|=|!=)(.*)$/;

export function parseFieldSelector(text: string, resource: Resource): FieldTest {
  const tests = text
    .split(',')
    .filter((term) => term !== '')
    .map((term) => testOf(term, { text, resource }));
  return (object) => tests.every((test) => test(object));
}

interface Whole {
  text: string;
  resource: Resource;
}

function testOf(term: string, { text, resource }: Whole): FieldTest {
  const [, field, operator, value = ''] = TERM.exec(term) ?? [];
  if (!field) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
  if (![...EVERYWHERE, ...(FIELDS[resource] ?? [])].includes(field)) {
    throw badRequest(`field label not supported: ${field}`);
  }
  const path = pathOf(field);
  const wanted = operator !== '!=';
  return (object) => (read(object, path) === value) === wanted;
}

function pathOf(field: string): string[] {
  if (field === 'source') return ['source', 'component'];
  if (field === 'status.successful') return ['status', 'succeeded'];
  return field.split('.');
}

function read(object: KubeObject, path: string[]): string {
  let value: unknown = object;
  for (const step of path) value = (value as Record<string, unknown> | undefined)?.[step];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return path.at(-1) === 'hostNetwork' ? 'false' : '';
}
