import { isObject, objects, text, type JsonObject } from './json.js';

/** The metadata of messages, which local-slack drops. */
export interface MetadataStore {
  keep(channel: unknown, ts: unknown, metadata: unknown): void;
  forget(channel: unknown, ts: unknown): void;
  /** The message with its metadata; its type alone where the caller did not ask for all of it. */
  onto(channel: string, message: JsonObject, whole?: boolean): JsonObject;
  ontoAll(channel: string, messages: unknown, args: JsonObject): JsonObject[];
}

export function makeMetadataStore(): MetadataStore {
  const kept = new Map<string, JsonObject>();
  const key = (channel: unknown, ts: unknown): string => `${text(channel)} ${text(ts)}`;

  function onto(channel: string, message: JsonObject, whole = true): JsonObject {
    const metadata = kept.get(key(channel, message['ts']));
    if (metadata === undefined) return message;
    return { ...message, metadata: whole ? metadata : { event_type: metadata['event_type'] } };
  }

  return {
    onto,
    keep(channel, ts, metadata) {
      if (!isObject(metadata)) return;
      // An empty object takes the metadata off the message.
      if (metadata['event_type'] === undefined) kept.delete(key(channel, ts));
      else kept.set(key(channel, ts), metadata);
    },
    forget: (channel, ts) => void kept.delete(key(channel, ts)),
    ontoAll(channel, messages, args) {
      const asked = ['true', '1', true].includes(args['include_all_metadata'] as string | boolean);
      return objects(messages).map((message) => onto(channel, message, asked));
    },
  };
}
