import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../identities.js';
import { KINDS, type Resource } from '../kinds.js';
import type { Store } from '../store.js';
import { evict } from './evict.js';
import { fullJson } from './json.js';
import { list } from './list.js';
import { metricsText, type MetricsOptions } from './metrics.js';
import { findPod, removePod, type DeleteOptions } from './remove.js';
import { isWatch, readJson, type ApiRequest, type Target } from './request.js';
import { review } from './review.js';
import { methodNotAllowed, notFound } from './status.js';
import { watch, type Watch } from './watch.js';

export interface Api {
  store: Store;
  watches: Set<Watch>;
  now(): number;
  bookmarkEveryMs: number;
  version: string;
  /** Whether Calico's custom resources are installed. */
  custom(): boolean;
  guardPending(): boolean;
  metrics(): MetricsOptions;
}

export interface Asked {
  request: ApiRequest;
  /** Undefined: anybody; only what is public comes here then. */
  identity: Identity | undefined;
  incoming: IncomingMessage;
  response: ServerResponse;
}

export interface Answer {
  code?: number;
  type?: string;
  body: string;
}

const NO_SUCH_PAGE: Answer = { code: 404, type: 'text/plain; charset=utf-8', body: '404 page not found\n' };

/** Undefined: it answers by itself, as a watch does. */
export async function answer(api: Api, asked: Asked): Promise<Answer | undefined> {
  const { target } = asked.request;
  if (!target) return answerPath(api, asked.request);
  if (target.resource === 'selfsubjectaccessreviews') return answerReview(asked);
  const { kept } = target;
  if (!kept || (KINDS[kept].custom && !api.custom())) return NO_SUCH_PAGE;
  if (target.subresource) return answerEviction(api, asked, target);
  if (asked.request.method === 'DELETE') return answerDelete(api, asked, target);
  if (asked.request.method !== 'GET') throw methodNotAllowed();
  return answerRead(api, asked, kept);
}

function answerRead(api: Api, { request, response }: Asked, resource: Resource): Answer | undefined {
  const { store, watches: open, bookmarkEveryMs } = api;
  if (isWatch(request.query)) {
    watch({ store, open, bookmarkEveryMs, request, resource, response });
    return undefined;
  }
  const { name, namespace, group = '' } = request.target ?? {};
  if (!name) return { body: list(store, request, resource) };
  const object = store.get(resource, namespace ? `${namespace}/${name}` : name);
  if (!object) throw notFound({ group, resource, name });
  return { body: fullJson(resource, object) };
}

async function answerEviction(api: Api, { request, incoming }: Asked, target: Target): Promise<Answer> {
  const { kept, subresource, namespace = '', name = '' } = target;
  if (kept !== 'pods' || subresource !== 'eviction') return NO_SUCH_PAGE;
  if (request.method !== 'POST') throw methodNotAllowed();
  const body = await readJson(incoming);
  request.body = body;
  const options = { store: api.store, now: api.now, guardPending: api.guardPending() };
  return { code: 201, body: JSON.stringify(evict(body, { namespace, name }, options)) };
}

async function answerDelete(api: Api, { request, incoming }: Asked, target: Target): Promise<Answer> {
  const { kept, namespace = '', name } = target;
  if (kept !== 'pods' || !name) throw methodNotAllowed();
  const { store } = api;
  const options = { ...fromQuery(request.query), ...((await readJson(incoming)) as DeleteOptions) };
  const pod = removePod(api, findPod(store, { namespace, name }), options);
  return { body: fullJson('pods', pod) };
}

function fromQuery(query: URLSearchParams): DeleteOptions {
  const grace = query.get('gracePeriodSeconds');
  const dryRun = query.getAll('dryRun');
  return {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(dryRun.length > 0 ? { dryRun } : {}),
  };
}

async function answerReview({ request, incoming, identity }: Asked): Promise<Answer> {
  if (request.method !== 'POST' || !identity) throw methodNotAllowed();
  return { code: 201, body: JSON.stringify(review(await readJson(incoming), identity)) };
}

function answerPath(api: Api, { path, method }: ApiRequest): Answer {
  if (method !== 'GET') return NO_SUCH_PAGE;
  if (path === '/version') return { body: JSON.stringify(versionOf(api.version)) };
  if (['/healthz', '/livez', '/readyz'].includes(path))
    return { type: 'text/plain; charset=utf-8', body: 'ok' };
  if (path !== '/metrics') return NO_SUCH_PAGE;
  return { type: 'text/plain; version=0.0.4; charset=utf-8', body: metricsText(api.store, api.metrics()) };
}

function versionOf(gitVersion: string): object {
  const [, major = '1', minor = '36'] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    ...{ major, minor, emulationMajor: major, emulationMinor: minor },
    ...{ minCompatibilityMajor: major, minCompatibilityMinor: String(Number(minor) - 1) },
    ...{ gitVersion, gitCommit: 'simulated', gitTreeState: '', buildDate: '1970-01-01T00:00:00Z' },
    ...{ goVersion: 'none', compiler: 'none', platform: 'linux/amd64' },
  };
}
