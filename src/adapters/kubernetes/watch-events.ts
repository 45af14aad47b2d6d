import type { Client } from './client.js';
import type { Deadline } from './deadline.js';
import { Refused, Unreadable } from './errors.js';
import { at, count, text } from './json.js';
import type { Listing } from './pages.js';
import { TO_WATCH_PODS } from './resources.js';
import { linesOf } from './wire.js';

/** The API server closes a watch by itself after this time, and is asked for the next one. */
const LONGEST_WATCH_S = 300;
const LONGEST_LINE = 8 * 1024 * 1024;

export interface WatchEvent {
  readonly type: 'changed' | 'gone' | 'bookmark';
  readonly object: unknown;
  /** Where the next watch may begin; null: it does not say. */
  readonly place: string | null;
}

/** One watch, until the API server closes it. What it can't go on from is thrown as `Refused`. */
export async function* watchEvents(
  client: Client,
  { path, query }: Pick<Listing<unknown>, 'path' | 'query'>,
  { place, deadline }: { readonly place: string; readonly deadline: Deadline },
): AsyncGenerator<WatchEvent> {
  const seconds = Math.min(LONGEST_WATCH_S, Math.max(1, Math.ceil(deadline.left() / 1000)));
  const call = {
    path,
    right: TO_WATCH_PODS,
    query: {
      ...query,
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: place,
      timeoutSeconds: String(seconds),
    },
  };
  const response = await client.open(call, deadline);
  for await (const line of linesOf(response, { most: Infinity, longest: LONGEST_LINE })) {
    if (line.trim() !== '') yield eventOf(line);
  }
}

function eventOf(line: string): WatchEvent {
  const event = parsed(line);
  const object = at(event, 'object');
  const place = text(at(object, 'metadata', 'resourceVersion'));
  switch (at(event, 'type')) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'changed', object, place };
    case 'DELETED':
      return { type: 'gone', object, place };
    case 'BOOKMARK':
      return { type: 'bookmark', object, place };
    case 'ERROR':
      throw new Refused(count(at(object, 'code')) ?? 500, JSON.stringify(object), undefined);
    default:
      throw new Unreadable('sent a watch event of an unknown kind');
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Unreadable('sent a watch event that is not JSON');
  }
}
