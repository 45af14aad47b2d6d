import type { Resource } from '../kinds.js';
import { keyOf, type KubeObject } from '../objects/object.js';
import type { Store } from '../store.js';
import { firstFrom } from '../views.js';
import { readContinue, writeContinue } from './continue.js';
import { listJson } from './json.js';
import type { ApiRequest } from './request.js';
import { selectionOf, type Selection } from './select.js';
import { badRequest, expired, Refused } from './status.js';

const TOO_OLD = 'The provided continue parameter is too old to display a consistent list result.';

/** One page; all of them show the same revision. */
export function list(store: Store, request: ApiRequest, resource: Resource): string {
  const selection = selectionOf(request, resource);
  const { revision, from } = startOf(store, request);
  const objects = store.at(resource, revision);
  if (!objects) throw expired(`The resourceVersion for the provided list is too old: ${revision}`);
  const { page, last, left } = cut(objects, { selection, from, limit: limitOf(request) });
  const more = last && {
    continue: writeContinue({ revision, key: keyOf(last) }),
    ...(selection.bySelector ? {} : { remainingItemCount: left }),
  };
  return listJson(resource, { resourceVersion: String(revision), ...more }, page);
}

interface Start {
  revision: number;
  from: string;
}

function startOf(store: Store, { query }: ApiRequest): Start {
  const token = query.get('continue');
  const asked = query.get('resourceVersion') ?? '';
  if (token) {
    if (asked !== '' && asked !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    return startAfter(store, token);
  }
  const revision = revisionOf(asked);
  if (revision > store.revision()) throw tooLarge(revision, store.revision());
  const exact = query.get('resourceVersionMatch') === 'Exact';
  return { revision: exact ? revision : store.revision(), from: '' };
}

function startAfter(store: Store, token: string): Start {
  const { revision, key } = readContinue(token);
  if (revision === -1) return { revision: store.revision(), from: key };
  if (revision >= store.oldest()) return { revision, from: key };
  // It offers another one, which goes on with what there is now.
  const inconsistent = writeContinue({ revision: -1, key: key.replace(/\u0000$/u, '') });
  throw expired(TOO_OLD, { continue: inconsistent });
}

export function revisionOf(text: string): number {
  if (!/^\d*$/.test(text)) throw badRequest(`Invalid value: "${text}": resourceVersion is not a number`);
  return Number(text);
}

/** A server that has not seen that revision yet asks to come again. */
function tooLarge(asked: number, current: number): Refused {
  const message = `Too large resource version: ${asked}, current: ${current}`;
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  return new Refused({ code: 504, reason: 'Timeout', message, details: { causes, retryAfterSeconds: 1 } });
}

/** Of a list "as of any time" the server's cache answers, and knows no pages. */
function limitOf({ query }: ApiRequest): number {
  const fromCache = query.get('resourceVersion') === '0' && !query.get('continue');
  return fromCache ? 0 : Number(query.get('limit') ?? 0);
}

interface Cut {
  selection: Selection;
  from: string;
  limit: number;
}

interface Page {
  page: KubeObject[];
  /** The last of this page; undefined: the list ends with it. */
  last: KubeObject | undefined;
  left: number;
}

function cut(objects: readonly KubeObject[], { selection, from, limit }: Cut): Page {
  const page: KubeObject[] = [];
  let left = 0;
  for (let index = firstFrom(objects, from); index < objects.length; index++) {
    const object = objects[index];
    if (!object || !selection.test(object)) continue;
    if (limit === 0 || page.length < limit) page.push(object);
    else if (selection.bySelector) return { page, last: page.at(-1), left: 1 };
    else if (selection.everything) return { page, last: page.at(-1), left: objects.length - index };
    else left++;
  }
  return { page, last: left > 0 ? page.at(-1) : undefined, left };
}
