import { randomBytes } from 'node:crypto';
import type { ApiRequest } from './api/request.js';
import { detailsOf, Refused } from './api/status.js';

/** As in a ClusterRole. */
export interface PolicyRule {
  apiGroups?: string[];
  resources?: string[];
  verbs: string[];
  nonResourceURLs?: string[];
}

/** What is asked for: `pods/eviction` with its subresource; or a path, where it is no resource. */
export interface Access {
  verb: string;
  group: string;
  resource: string;
}

/** One who may ask the API, by a token. */
export interface Identity {
  readonly user: string;
  readonly token: string;
  mayI(access: Access): boolean;
  /** From now on the answer is 403. `*` is every verb. A resource may be a path: `/metrics`. */
  deny(verb: string, resource: string): void;
  allow(verb: string, resource: string): void;
  /** From now on the token is unknown: 401. */
  expire(): void;
  renew(): void;
  readonly isExpired: boolean;
}

/** Without rules, everything is allowed that is not denied. */
export function makeIdentity(user: string, rules?: readonly PolicyRule[]): Identity {
  const denied = new Set<string>();
  let isExpired = false;
  return {
    user,
    token: `${user}-${randomBytes(12).toString('hex')}`,
    mayI({ verb, group, resource }) {
      if (denied.has(`${verb} ${resource}`) || denied.has(`* ${resource}`)) return false;
      return rules === undefined || rules.some((rule) => grants(rule, { verb, group, resource }));
    },
    deny: (verb, resource) => void denied.add(`${verb} ${resource}`),
    allow: (verb, resource) => void denied.delete(`${verb} ${resource}`),
    expire: () => void (isExpired = true),
    renew: () => void (isExpired = false),
    get isExpired() {
      return isExpired;
    },
  };
}

function grants(rule: PolicyRule, { verb, group, resource }: Access): boolean {
  const has = (all: string[] | undefined, one: string): boolean =>
    (all ?? []).some((it) => it === one || it === '*');
  if (!has(rule.verbs, verb)) return false;
  if (resource.startsWith('/')) return has(rule.nonResourceURLs, resource);
  return has(rule.apiGroups, group) && has(rule.resources, resource);
}

/** Anybody who is known may ask what they may, and which version it is. */
const FREE = new Set(['selfsubjectaccessreviews', '/version', '/healthz', '/livez', '/readyz']);

export function authorise(identity: Identity, { target, path, verb }: ApiRequest): void {
  if (!target) {
    if (!FREE.has(path) && !identity.mayI({ verb, group: '', resource: path }))
      throw forbiddenPath(identity, path, verb);
    return;
  }
  const { group, resource, subresource, name, namespace } = target;
  if (FREE.has(resource)) return;
  const whole = subresource ? `${resource}/${subresource}` : resource;
  if (identity.mayI({ verb, group, resource: whole })) return;
  const qualified = group ? `${resource}.${group}` : resource;
  const what = name ? `${qualified} "${name}"` : qualified;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  const cannot = `User "${identity.user}" cannot ${verb} resource "${whole}" in API group "${group}" ${where}`;
  throw new Refused({
    ...{ code: 403, reason: 'Forbidden', message: `${what} is forbidden: ${cannot}` },
    details: detailsOf({ group, resource, ...(name ? { name } : {}) }),
  });
}

function forbiddenPath({ user }: Identity, path: string, verb: string): Refused {
  const message = `forbidden: User "${user}" cannot ${verb} path "${path}"`;
  return new Refused({ code: 403, reason: 'Forbidden', message, details: {} });
}
