import { isObject, objects, type JsonObject } from './json.js';

/** Slack gives every block an id that has none. */
export function withBlockIds(args: JsonObject): JsonObject {
  const { blocks, view } = args;
  return {
    ...args,
    ...(Array.isArray(blocks) ? { blocks: named(blocks) } : {}),
    ...(isObject(view) ? { view: { ...view, blocks: named(view['blocks']) } } : {}),
  };
}

function named(blocks: unknown): JsonObject[] {
  return objects(blocks).map((block, index) => ({ block_id: `slack-${index}`, ...block }));
}
