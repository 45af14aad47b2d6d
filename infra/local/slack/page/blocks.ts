import { isObject, objects, text, type JsonObject } from '../json.js';
import { richTextAsSection, tableAsSection } from './tables.js';
import { readable, withEmoji } from './text.js';

/** Blocks as the page can show them. */
export function readableBlocks(blocks: unknown): JsonObject[] {
  return objects(blocks).map(readableBlock);
}

function readableBlock(block: JsonObject): JsonObject {
  if (block['type'] === 'table') return tableAsSection(block);
  if (block['type'] === 'rich_text') return withReadableTexts(richTextAsSection(block));
  if (block['type'] === 'markdown') return markdownAsSection(block);
  if (block['type'] === 'image') return withImageUrl(block);
  return withReadableTexts(block);
}

function markdownAsSection(block: JsonObject): JsonObject {
  const markup = text(block['text'])
    .replaceAll('**', '*')
    .replaceAll(/^#+ (.*)$/gm, '*$1*');
  return { type: 'section', text: { type: 'mrkdwn', text: readable(markup) } };
}

/** Every text object below the block; confirm dialogs are shown by our own script, which takes them as they are. */
function withReadableTexts(part: JsonObject): JsonObject {
  const entries = Object.entries(part).map(([key, value]) => [
    key,
    key === 'confirm' ? value : readablePart(value),
  ]);
  const readableOne = Object.fromEntries(entries) as JsonObject;
  if (part['type'] === 'image') return withImageUrl(readableOne);
  if (part['type'] === 'mrkdwn') return { ...readableOne, text: readable(text(part['text'])) };
  return part['type'] === 'plain_text'
    ? { ...readableOne, text: withEmoji(text(part['text'])) }
    : readableOne;
}

function readablePart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readablePart);
  return isObject(value) ? withReadableTexts(value) : value;
}

/** The page asks without a token, which only the path of a file's permalink allows; of it, only the id counts. */
function withImageUrl(block: JsonObject): JsonObject {
  const { slack_file: file, ...rest } = block;
  const id = fileIdOf(isObject(file) ? file : { url: block['image_url'] });
  return id === undefined ? block : { ...rest, image_url: `/files/shared/${id}/image` };
}

function fileIdOf(file: JsonObject): string | undefined {
  const id = text(file['id']);
  if (id !== '') return id;
  return /\/files-pri\/[A-Z0-9]+-(F[A-Z0-9]+)\//.exec(text(file['url']))?.[1];
}
