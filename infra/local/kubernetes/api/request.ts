import type { IncomingMessage } from 'node:http';
import { KINDS, isResource, type Resource } from '../kinds.js';

/** A request as the API server understands it, before anything is looked up. */
export interface ApiRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  target: Target | undefined;
  verb: string;
  /** Once it has been read. */
  body?: Record<string, unknown>;
}

/** What a path of the API names. */
export interface Target {
  group: string;
  /** Also resources of which nothing is kept: access reviews. */
  resource: string;
  kept: Resource | undefined;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

const PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)(?:\/namespaces\/(?<namespace>[^/]+))?(?<rest>\/.+)$/;

export function parseRequest({ method = 'GET', url = '/' }: IncomingMessage): ApiRequest {
  const { pathname, searchParams } = new URL(url, 'http://kubernetes');
  const target = targetOf(pathname);
  return { method, path: pathname, query: searchParams, target, verb: verbOf(method, target, searchParams) };
}

function targetOf(path: string): Target | undefined {
  const parts = PATH.exec(path)?.groups;
  if (!parts) return undefined;
  const { group = '', version, namespace, rest = '' } = parts;
  const [resource = '', name, subresource, ...more] = rest.slice(1).split('/').map(decodeURIComponent);
  if (more.length > 0) return undefined;
  const named = { namespace: namespace && decodeURIComponent(namespace), name, subresource };
  if (resource === 'selfsubjectaccessreviews') return { group, resource, kept: undefined, ...named };
  if (!isResource(resource)) return undefined;
  const kind = KINDS[resource];
  const served = kind.group === group && kind.version === version && (kind.namespaced || !namespace);
  // One object of a namespaced kind is only found in its namespace.
  const found = served && !(kind.namespaced && name && !namespace);
  return found ? { group, resource, kept: resource, ...named } : undefined;
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

/** As the authorisation calls it. */
function verbOf(method: string, target: Target | undefined, query: URLSearchParams): string {
  if (!target) return method.toLowerCase();
  if (method === 'DELETE') return target.name ? 'delete' : 'deletecollection';
  if (method !== 'GET') return VERBS[method] ?? method.toLowerCase();
  if (isWatch(query)) return 'watch';
  return target.name ? 'get' : 'list';
}

export function isWatch(query: URLSearchParams): boolean {
  return ['1', 'true'].includes(query.get('watch') ?? '');
}

export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}
