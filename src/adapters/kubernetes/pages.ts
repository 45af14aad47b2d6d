import type { ResourceAccess } from '../../domain/kubernetes/ports.js';
import type { Call, Client } from './client.js';
import type { Deadline } from './deadline.js';
import { Refused, Unreadable } from './errors.js';
import { at, each, list, text } from './json.js';

/** As kubectl asks: small enough for the API server's and for our own memory. */
const PAGE = '500';

export interface Listing<T> {
  readonly path: string;
  readonly right: ResourceAccess;
  readonly query?: Call['query'];
  /** Null: not understood, and left out. */
  readonly map: (item: unknown) => T | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The state of the whole list, where a watch may begin. */
  readonly resourceVersion: string;
}

/**
 * A list, page by page; a page is dropped before the next is asked for. The API server keeps the state that a list
 * began with for some minutes: where it is gone (410) before the last page, the list goes on at a newer state if the
 * API server offers that, or begins anew, once. What was handed out is not handed out again.
 */
export async function* pagesOf<T>(
  client: Client,
  { path, right, query, map }: Listing<T>,
  deadline: Deadline,
): AsyncGenerator<Page<T>> {
  const seen = new Set<string>();
  let token: string | null = '';
  let begunAnew = false;
  while (token !== null) {
    const call: Call = { path, right, query: { ...query, limit: PAGE, continue: token } };
    const answer: Answer = await client.guarded(
      () => ask(client, call, { deadline, begunAnew }),
      call,
      deadline,
    );
    if (answer.kind === 'page') {
      yield {
        items: each(answer.items.filter(newTo(seen)), map),
        resourceVersion: answer.resourceVersion,
      };
      token = answer.token;
    } else {
      begunAnew = true;
      token = seen.size === 0 ? '' : answer.token;
    }
  }
}

type Answer =
  | {
      readonly kind: 'page';
      readonly items: readonly unknown[];
      /** Null: this was the last page. */
      readonly token: string | null;
      readonly resourceVersion: string;
    }
  /** `token`: goes on behind the last page at a newer state; empty: from the start. */
  | { readonly kind: 'expired'; readonly token: string };

/** A state that is gone twice within one list is a server in trouble. */
async function ask(
  client: Client,
  call: Call,
  { deadline, begunAnew }: { readonly deadline: Deadline; readonly begunAnew: boolean },
): Promise<Answer> {
  try {
    const answer = await client.json(call, deadline);
    if (!Array.isArray(at(answer, 'items')) && at(answer, 'items') !== null) {
      throw new Unreadable('answered something that is no list');
    }
    const metadata = at(answer, 'metadata');
    return {
      kind: 'page',
      items: list(at(answer, 'items')),
      token: text(at(metadata, 'continue')),
      resourceVersion: text(at(metadata, 'resourceVersion')) ?? '',
    };
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 410 || begunAnew) throw error;
    return { kind: 'expired', token: text(at(error.details, 'metadata', 'continue')) ?? '' };
  }
}

function newTo(seen: Set<string>): (item: unknown) => boolean {
  return (item) => {
    const uid = text(at(item, 'metadata', 'uid'));
    if (uid === null) return true;
    const known = seen.has(uid);
    seen.add(uid);
    return !known;
  };
}
