import { isObject, object, text, type JsonObject } from './json.js';

/**
 * Slack keeps a view's id when it is updated; local-slack makes a new one each time. The bot knows a view by the
 * id that it was opened with.
 */
export interface ViewIds {
  /** The view as the bot knows it. */
  toBot(view: JsonObject): JsonObject;
  opened(view: JsonObject): void;
  /** The view that the call means; an error name when Slack would refuse it. */
  meant(args: JsonObject): { id: string } | { error: string };
  /** local-slack's answer to an update, as Slack would give it. */
  updated(id: string, view: JsonObject): JsonObject;
  /** The id by which local-slack knows it now. */
  current(id: string): string;
}

interface Known {
  current: string;
  hash: string;
  externalId: string;
}

export function makeViewIds(): ViewIds {
  const known = new Map<string, Known>();
  const names = new Map<string, string>();

  function remember(id: string, view: JsonObject): void {
    const current = text(view['id']);
    names.set(current, id);
    known.set(id, { current, hash: text(view['hash']), externalId: text(view['external_id']) });
  }

  function name(id: unknown): unknown {
    return typeof id === 'string' ? (names.get(id) ?? id) : id;
  }

  function toBot(view: JsonObject): JsonObject {
    const { id, root_view_id: root, previous_view_id: previous } = view;
    return { ...view, id: name(id), root_view_id: name(root), previous_view_id: name(previous) };
  }

  function find(args: JsonObject): string | undefined {
    const id = text(args['view_id']);
    if (id !== '') return known.has(id) ? id : undefined;
    const externalId = text(args['external_id']);
    return [...known].find(([, view]) => externalId !== '' && view.externalId === externalId)?.[0];
  }

  return {
    toBot,
    opened: (view) => remember(text(view['id']), view),
    meant(args) {
      const id = find(args);
      if (id === undefined) return { error: 'not_found' };
      const hash = text(args['hash']);
      return hash !== '' && hash !== known.get(id)?.hash ? { error: 'hash_conflict' } : { id };
    },
    updated(id, view) {
      remember(id, view);
      return toBot(view);
    },
    current: (id) => known.get(id)?.current ?? id,
  };
}

/**
 * A button in App Home or in a modal comes from local-slack as if it stood in a message of no channel; Slack says
 * which view it stands in, and gives no response_url.
 */
export function asViewAction(payload: JsonObject, view: JsonObject | undefined): JsonObject {
  const inMessage = text(object(payload['channel'])['id']) !== '';
  if (payload['type'] !== 'block_actions' || inMessage || view === undefined) return payload;
  const rest = Object.fromEntries(
    Object.entries(payload).filter(([key]) => !['channel', 'message', 'response_url'].includes(key)),
  );
  return { ...rest, container: { type: 'view', view_id: view['id'] }, view };
}

export function viewOf(answer: JsonObject): JsonObject | undefined {
  return isObject(answer['view']) ? answer['view'] : undefined;
}
