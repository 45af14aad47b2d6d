import { once } from 'node:events';
import { WebSocket } from 'ws';
import { isObject, list, object, objects, parse, text, type JsonObject } from './json.js';
import { makeLooking, type Looking } from './looking.js';
import { frameText } from './wire.js';

/** Follows everything that local-slack tells its page, so that a test can wait for it without asking again. */
export interface Watch {
  /** All messages of a channel, oldest first, also replies and ephemerals. */
  messages(channel: string): JsonObject[];
  allMessages(): JsonObject[];
  message(channel: string, ts: string): JsonObject | undefined;
  modals(): JsonObject[];
  home(user: string): JsonObject | undefined;
  /** Looks at once and after every frame, until there is something. */
  until: Looking['until'];
  /** Looks again now: something changed that is in no frame. */
  nudge(): void;
  send(frame: JsonObject): void;
  stop(): void;
}

interface Seen {
  messages: Map<string, Map<string, JsonObject>>;
  modals: JsonObject[];
  homes: Map<string, JsonObject>;
}

export async function startWatch(authority: string, ownAddress = (raw: string) => raw): Promise<Watch> {
  const socket = new WebSocket(`ws://${authority}/ui`);
  const seen: Seen = { messages: new Map(), modals: [], homes: new Map() };
  const looking = makeLooking();
  socket.on('error', () => {});
  socket.on('message', (data) => {
    take(seen, parse(ownAddress(frameText(data))));
    looking.changed();
  });
  await once(socket, 'open');

  return {
    ...{ until: looking.until, nudge: looking.changed, stop: () => socket.terminate() },
    send: (frame) => socket.send(JSON.stringify(frame)),
    messages: (channel) => [...(seen.messages.get(channel)?.values() ?? [])],
    allMessages: () => [...seen.messages.values()].flatMap((channel) => [...channel.values()]),
    message: (channel, ts) => seen.messages.get(channel)?.get(ts),
    modals: () => seen.modals,
    home: (user) => seen.homes.get(user),
  };
}

function take(seen: Seen, frame: JsonObject): void {
  const message = object(frame['message']);
  if (frame['t'] === 'init') takeInit(seen, object(frame['state']));
  if (frame['t'] === 'message' || frame['t'] === 'message_update') put(seen, message);
  if (frame['t'] === 'message_delete') seen.messages.get(text(frame['channel']))?.delete(text(frame['ts']));
  if (frame['t'] === 'view') seen.modals = objects(frame['stack']);
  if (frame['t'] === 'home' && isObject(frame['view'])) seen.homes.set(text(frame['user']), frame['view']);
}

function takeInit(seen: Seen, state: JsonObject): void {
  seen.messages.clear();
  Object.values(object(state['messages'])).forEach((some) =>
    objects(list(some)).forEach((one) => put(seen, one)),
  );
  seen.modals = objects(state['modalStack']);
}

function put(seen: Seen, message: JsonObject): void {
  const channel = text(message['channel']);
  const messages = seen.messages.get(channel) ?? new Map<string, JsonObject>();
  seen.messages.set(channel, messages);
  messages.set(text(message['ts']), message);
}
