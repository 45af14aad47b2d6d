import { isObject, list, objects, text, type JsonObject } from '../json.js';
import { asCodeLines } from './text.js';

/** Blocks that the page shows as "[table]" and "[rich_text]", as sections. */

export function tableAsSection(block: JsonObject): JsonObject {
  const rows = list(block['rows']).map((row) => list(row).map(cellText));
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return section(asCodeLines(lines.join('\n')), block);
}

function cellText(cell: unknown): string {
  if (!isObject(cell)) return '';
  return cell['type'] === 'rich_text' ? plainText(cell) : text(cell['text']);
}

export function richTextAsSection(block: JsonObject): JsonObject {
  return section(objects(block['elements']).map(richPart).join('\n'), block);
}

function richPart(part: JsonObject): string {
  const inside = objects(part['elements']);
  if (part['type'] === 'rich_text_preformatted') return asCodeLines(plainText(part));
  if (part['type'] === 'rich_text_list') return inside.map((one) => `• ${richPart(one)}`).join('\n');
  const line = inside.map(richElement).join('');
  return part['type'] === 'rich_text_quote' ? `> ${line}` : line;
}

function richElement(element: JsonObject): string {
  const style = isObject(element['style']) ? element['style'] : {};
  const shown = plainElement(element);
  if (style['code'] === true) return asCodeLines(shown);
  if (style['bold'] === true) return `*${shown}*`;
  return style['italic'] === true ? `_${shown}_` : shown;
}

function plainElement(element: JsonObject): string {
  if (element['type'] === 'user') return `<@${text(element['user_id'])}>`;
  if (element['type'] === 'channel') return `<#${text(element['channel_id'])}>`;
  if (element['type'] === 'emoji') return `:${text(element['name'])}:`;
  if (element['type'] !== 'link') return text(element['text']);
  return `<${text(element['url'])}|${text(element['text']) || text(element['url'])}>`;
}

function plainText(part: JsonObject): string {
  const inside = objects(part['elements']);
  return inside.length === 0 ? text(part['text']) : inside.map(plainText).join('');
}

function section(markup: string, { block_id: id }: JsonObject): JsonObject {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: markup },
    ...(id === undefined ? {} : { block_id: id }),
  };
}
