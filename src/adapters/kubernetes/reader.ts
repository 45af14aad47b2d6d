import type {
  KubernetesReader,
  PathAccess,
  PodEventQuery,
  PodQuery,
  ResourceAccess,
} from '../../domain/kubernetes/ports.js';
import type { Owner } from '../../domain/kubernetes/records.js';
import type { Call, Client } from './client.js';
import { makeDeadline, type Deadline } from './deadline.js';
import { at, text } from './json.js';
import { pagesOf, type Listing } from './pages.js';
import { budgetOf } from './records/budget.js';
import { cronJobOf, jobOf } from './records/batch.js';
import { etcdPodOf } from './records/etcd-pod.js';
import { podEventOf } from './records/event.js';
import { nodeOf } from './records/node.js';
import { podOf } from './records/pod.js';
import { workloadOf } from './records/workload.js';
import * as resources from './resources.js';
import { readStorage } from './storage.js';
import { controllerOf, wantedIn } from './wanted.js';
import { watchPods } from './watch.js';

export function makeReader(client: Client): KubernetesReader {
  const items = <T>(listing: Listing<T>, deadlineMs: number): AsyncIterable<readonly T[]> =>
    itemsOf(client, listing, makeDeadline(deadlineMs));
  return {
    target: client.target,
    version: (ms) => version(client, makeDeadline(ms)),
    pods: (query, ms) => items(podListing(query, podOf), ms),
    watchPods: (query, deadlineMs, signal) =>
      watchPods(client, podListing(query, podOf), { deadlineMs, signal }),
    podEvents: (query, ms) => podEvents(client, query, makeDeadline(ms)),
    nodes: (ms) => items(listing(resources.NODES, nodeOf), ms),
    workloads: ({ kind, labelSelector }, ms) =>
      all(items({ ...listing(resources.WORKLOADS[kind], workloadOf(kind)), query: { labelSelector } }, ms)),
    cronJobs: (ms) => items(listing(resources.CRON_JOBS, cronJobOf), ms),
    jobs: (ms) => items(listing(resources.JOBS, jobOf), ms),
    budgets: (namespace, ms) => all(items(listing(resources.BUDGETS, budgetOf, namespace), ms)),
    wantedBy: (namespace, owner, ms) => wantedBy(client, { namespace, owner }, makeDeadline(ms)),
    etcdPods: (query, ms) => items(podListing(query, etcdPodOf), ms),
    storage: (ms) => storage(client, makeDeadline(ms)),
    calico: (name, ms) => items(listing(resources.calico(name), asItIs), ms),
    mayI: (access, ms) => mayI(client, access, makeDeadline(ms)),
  };
}

function listing<T>(
  resource: resources.Resource,
  map: (item: unknown) => T | null,
  namespace: string | null = null,
): Listing<T> {
  return { path: resources.pathOf(resource, namespace), right: resources.toList(resource), map };
}

function podListing<T>(query: PodQuery, map: (item: unknown) => T | null): Listing<T> {
  const { namespace, fieldSelector, labelSelector } = query;
  return { ...listing(resources.PODS, map, namespace), query: { fieldSelector, labelSelector } };
}

async function wantedBy(
  client: Client,
  { namespace, owner }: { readonly namespace: string; readonly owner: Owner },
  deadline: Deadline,
): Promise<number | null> {
  const kind = controllerOf(client.target, owner);
  const named = {
    ...listing(kind, wantedIn(owner), namespace),
    query: { fieldSelector: `metadata.name=${owner.name}` },
  };
  const [wanted = null] = await all(itemsOf(client, named, deadline));
  return wanted;
}

function asItIs(item: unknown): unknown {
  return item ?? null;
}

async function* itemsOf<T>(
  client: Client,
  wanted: Listing<T>,
  deadline: Deadline,
): AsyncGenerator<readonly T[]> {
  for await (const { items } of pagesOf(client, wanted, deadline)) {
    if (items.length > 0) yield items;
  }
}

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

/** One list for each reason: the API server has no selector for several, and there are few reasons. */
async function* podEvents(client: Client, { namespace, reasons }: PodEventQuery, deadline: Deadline) {
  const about = 'involvedObject.kind=Pod';
  const selectors = reasons.length === 0 ? [about] : reasons.map((reason) => `${about},reason=${reason}`);
  for (const fieldSelector of selectors) {
    const wanted = { ...listing(resources.EVENTS, podEventOf, namespace), query: { fieldSelector } };
    yield* itemsOf(client, wanted, deadline);
  }
}

const VERSION: Call = { path: '/version', right: { verb: 'get', path: '/version' } };

/** A build of one's own may call itself v0.0.0. */
async function version(client: Client, deadline: Deadline): Promise<string> {
  const answer = await client.guarded(() => client.json(VERSION, deadline), VERSION, deadline);
  const given = text(at(answer, 'gitVersion')) ?? '';
  if (/^v[1-9]/.test(given)) return given.slice(0, 60);
  const [major, minor] = [text(at(answer, 'major')) ?? '0', text(at(answer, 'minor')) ?? '0'];
  return `v${major}.${minor}`.slice(0, 60);
}

async function storage(client: Client, deadline: Deadline) {
  const asked = { right: resources.TO_READ_METRICS };
  return client.guarded(() => readStorage(client, deadline), asked, deadline);
}

/** Everybody who is known may ask this about themselves. */
async function mayI(
  client: Client,
  access: ResourceAccess | PathAccess,
  deadline: Deadline,
): Promise<boolean> {
  const spec = 'path' in access ? { nonResourceAttributes: access } : { resourceAttributes: { ...access } };
  const call: Call = {
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    right: { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' },
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec },
  };
  const answer = await client.guarded(() => client.json(call, deadline), call, deadline);
  return at(answer, 'status', 'allowed') === true;
}
