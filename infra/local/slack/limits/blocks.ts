import { isObject, list, objects, text, type JsonObject } from '../json.js';
import { contextElement, element, imageRule } from './elements.js';
import {
  all,
  entries,
  maxLength,
  nested,
  plainText,
  problem,
  repeated,
  required,
  textObject,
  type Problems,
  type Rule,
} from './rules.js';

const field: Rule = (part, at) => textObject('field', 2000)({ field: part }, at);

const section: Rule = (part, at) =>
  part['text'] === undefined && part['fields'] === undefined
    ? problem('missing required field: text', at)
    : all(
        textObject('text', 3000),
        entries('fields', { most: 10 }, field),
        nested('accessory', element),
      )(part, at);

const actions: Rule = all(required('elements'), entries('elements', { most: 25 }, element), (part, at) =>
  repeated(objects(part['elements']), 'action_id').flatMap((id) =>
    problem(`action_id "${id}" already exists`, `${at}/elements`),
  ),
);

const input: Rule = all(
  required('label'),
  required('element'),
  plainText('label', 2000),
  plainText('hint', 2000),
  nested('element', element),
);

/** Blocks that Slack knows; of those we do not send, only the type is checked. */
const byType: Record<string, Rule> = {
  section,
  actions,
  input,
  header: all(required('text'), plainText('text', 150)),
  context: all(required('elements'), entries('elements', { most: 10 }, contextElement)),
  image: all(imageRule, plainText('title', 2000)),
  markdown: maxLength('text', 12_000),
  table: (part, at) =>
    list(part['rows']).length > 100 ? problem('no more than 100 items allowed', `${at}/rows`) : [],
  divider: () => [],
  rich_text: () => [],
  file: () => [],
  video: () => [],
  context_actions: () => [],
  task_card: () => [],
  plan: () => [],
};

export function blockProblems(blocks: unknown, most: number, at = '/blocks'): Problems {
  const found = list(blocks);
  if (found.length > most) return problem(`no more than ${most} items allowed`, at);
  const each = found.flatMap((block, index) =>
    isObject(block) ? oneBlock(block, `${at}/${index}`) : problem('must be an object', `${at}/${index}`),
  );
  const twice = repeated(objects(found), 'block_id');
  return [...each, ...twice.flatMap((id) => problem(`block_id "${id}" already exists`, at))];
}

function oneBlock(block: JsonObject, at: string): Problems {
  const rule = byType[text(block['type'])];
  if (rule === undefined) return problem(`unsupported type: ${text(block['type'])}`, at);
  return [...maxLength('block_id', 255)(block, at), ...rule(block, at)];
}

/** Slack counts the texts of all blocks together. */
export function textInBlocks(part: unknown): number {
  if (Array.isArray(part)) return part.reduce((sum: number, entry) => sum + textInBlocks(entry), 0);
  if (!isObject(part)) return 0;
  const own = text(part['text']).length;
  return Object.values(part).reduce((sum: number, value) => sum + textInBlocks(value), own);
}
