import type { ServerResponse } from 'node:http';
import type { Change } from '../history.js';
import { apiVersionOf, KINDS, type Resource } from '../kinds.js';
import type { KubeObject } from '../objects/object.js';
import type { Store } from '../store.js';
import { fullJson } from './json.js';
import { revisionOf } from './list.js';
import type { ApiRequest } from './request.js';
import { selectionOf, type Selection } from './select.js';
import { statusOf } from './status.js';

export interface Watch {
  /** `end`: as at its timeout; `drop`: as when the network fails; `gone`: an ERROR event, code 410, then the end. */
  close(how: 'end' | 'drop' | 'gone'): void;
}

export interface Watching {
  store: Store;
  open: Set<Watch>;
  bookmarkEveryMs: number;
  request: ApiRequest;
  resource: Resource;
  response: ServerResponse;
}

const HOUR_S = 3600;

/** One JSON object a line, until its timeout, or until the client leaves. */
export function watch({ store, open, bookmarkEveryMs, request, resource, response }: Watching): void {
  const { query } = request;
  const selection = selectionOf(request, resource);
  const asked = revisionOf(query.get('resourceVersion') ?? '');
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();
  const send = (type: string, json: string): void => {
    // It may have been ended a moment ago, and not be closed yet.
    if (!response.writableEnded) response.write(`{"type":"${type}","object":${json}}\n`);
  };
  const tell = (change: Change): void => {
    const seen = seenBy(selection, change);
    if (seen) send(seen.type, fullJson(resource, seen.object));
  };

  const missed = asked === 0 ? [] : store.since(asked);
  if (!missed) return void response.end(`{"type":"ERROR","object":${goneStatus(asked, store.oldest())}}\n`);
  if (asked === 0) {
    for (const object of store.all(resource)) {
      if (selection.test(object)) send('ADDED', fullJson(resource, object));
    }
  }
  missed.forEach(tell);

  const unsubscribe = store.subscribe(tell);
  const bookmarks = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1';
  const mark = () => send('BOOKMARK', bookmark(resource, store.revision()));
  const timers = [setTimeout(() => response.end(), Number(query.get('timeoutSeconds') ?? HOUR_S) * 1000)];
  if (bookmarks) timers.push(setInterval(mark, bookmarkEveryMs));
  const handle: Watch = {
    close(how) {
      if (how === 'drop') response.destroy();
      else if (how === 'end') response.end();
      else response.end(`{"type":"ERROR","object":${goneStatus(asked, store.oldest())}}\n`);
    },
  };
  open.add(handle);
  response.once('close', () => {
    unsubscribe();
    open.delete(handle);
    timers.forEach(clearTimeout);
  });
}

interface Seen {
  type: Change['type'];
  object: KubeObject;
}

/** To one who watches a selection, what leaves it is deleted, and what comes into it is added. */
function seenBy({ resource, test }: Selection, change: Change): Seen | undefined {
  if (change.resource !== resource) return undefined;
  const { type, object, before } = change;
  const was = before !== undefined && test(before);
  const is = type !== 'DELETED' && test(object);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object };
  if (!was) return undefined;
  // As it was when it was last selected, with the revision of its leaving.
  const { resourceVersion } = object.metadata;
  return { type: 'DELETED', object: { ...before, metadata: { ...before.metadata, resourceVersion } } };
}

function bookmark(resource: Resource, revision: number): string {
  const kind = KINDS[resource];
  const metadata = { resourceVersion: String(revision) };
  return JSON.stringify({ kind: kind.kind, apiVersion: apiVersionOf(kind), metadata });
}

function goneStatus(asked: number, oldest: number): string {
  const message = `too old resource version: ${asked} (${oldest})`;
  return JSON.stringify(statusOf({ code: 410, reason: 'Expired', message }));
}
