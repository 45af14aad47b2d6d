import { isObject, object, objects, text, type JsonObject } from '../json.js';
import { readableBlocks } from './blocks.js';
import { readable } from './text.js';

/** A frame of /ui as the page should get it. Frames for the bot are never touched. */
export function readableFrame(frame: JsonObject): JsonObject {
  if (isObject(frame['message'])) return { ...frame, message: readableMessage(frame['message']) };
  if (isObject(frame['state'])) return { ...frame, state: readableState(frame['state']) };
  if (frame['t'] === 'view') return { ...frame, stack: objects(frame['stack']).map(readableView) };
  return frame['t'] === 'home' ? { ...frame, view: readableView(object(frame['view'])) } : frame;
}

function readableMessage(message: JsonObject): JsonObject {
  const blocks = message['blocks'] === undefined ? {} : { blocks: readableBlocks(message['blocks']) };
  return { ...message, text: readable(text(message['text'])), ...blocks };
}

function readableView(view: JsonObject): JsonObject {
  return { ...view, blocks: readableBlocks(view['blocks']) };
}

function readableState(state: JsonObject): JsonObject {
  const byChannel = Object.entries(object(state['messages']));
  const homes = Object.entries(object(state['homeViews']));
  return {
    ...state,
    messages: Object.fromEntries(byChannel.map(([id, some]) => [id, objects(some).map(readableMessage)])),
    modalStack: objects(state['modalStack']).map(readableView),
    homeViews: Object.fromEntries(homes.map(([user, byApp]) => [user, readableHomes(object(byApp))])),
  };
}

function readableHomes(byApp: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(byApp).map(([app, view]) => [app, readableView(object(view))]));
}
