import { isObject, list, text, type JsonObject } from '../json.js';
import { blockProblems, textInBlocks } from './blocks.js';
import { all, maxLength, plainText, problem, required, type Problems, type Rule } from './rules.js';

export interface Refusal {
  error: string;
  /** As Slack lists them beside the error. */
  messages?: Problems;
}

const mostBlocks = 50;
const mostViewBlocks = 100;
const mostAttachments = 100;
/** Not documented; Slack refuses somewhere between 12,000 and 13,200. */
const mostTextInBlocks = 12_000;
const mostTextInUpdate = 4_000;
const mostText = 40_000;

/** What Slack would refuse in this call for its contents alone. */
export function refusal(method: string, args: JsonObject): Refusal | undefined {
  if (method === 'chat.postMessage' || method === 'chat.postEphemeral') return ofMessage(args);
  if (method === 'chat.update') return ofUpdate(args);
  if (method.startsWith('views.')) return ofView(args['view']);
  return undefined;
}

export function ofMessage(args: JsonObject): Refusal | undefined {
  const { blocks, attachments } = args;
  if (text(args['text']) === '' && list(blocks).length === 0 && list(attachments).length === 0) {
    return { error: 'no_text' };
  }
  if (list(attachments).length > mostAttachments) return { error: 'too_many_attachments' };
  return ofBlocks(blocks);
}

function ofUpdate(args: JsonObject): Refusal | undefined {
  if (text(args['text']).length > mostTextInUpdate) return { error: 'msg_too_long' };
  return ofMessage(args);
}

function ofBlocks(blocks: unknown): Refusal | undefined {
  if (blocks === undefined) return undefined;
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format' };
  const messages = blockProblems(blocks, mostBlocks);
  if (messages.length > 0) return { error: 'invalid_blocks', messages };
  return textInBlocks(blocks) > mostTextInBlocks ? { error: 'msg_blocks_too_long' } : undefined;
}

const anyView: Rule = all(
  maxLength('private_metadata', 3000),
  maxLength('callback_id', 255),
  maxLength('external_id', 255),
  required('blocks'),
);

const modal: Rule = all(
  required('title'),
  plainText('title', 24),
  plainText('submit', 24),
  plainText('close', 24),
  (view, at) =>
    view['submit'] === undefined &&
    list(view['blocks']).some((one) => isObject(one) && one['type'] === 'input')
      ? problem('missing required field: submit', at)
      : [],
);

function ofView(view: unknown): Refusal | undefined {
  if (!isObject(view)) return { error: 'invalid_arguments', messages: problem('must be an object', '/view') };
  const messages = [
    ...anyView(view, '/view'),
    ...kindOf(view)(view, '/view'),
    ...blockProblems(view['blocks'], mostViewBlocks, '/view/blocks'),
  ];
  return messages.length > 0 ? { error: 'invalid_arguments', messages } : undefined;
}

function kindOf(view: JsonObject): Rule {
  if (view['type'] === 'modal') return modal;
  if (view['type'] === 'home') return () => [];
  return (_view, at) => problem('must be a valid enum value', `${at}/type`);
}

/** Slack cuts what is too long in a post, without a word. */
export function truncated(args: JsonObject): JsonObject {
  const given = text(args['text']);
  return given.length > mostText ? { ...args, text: given.slice(0, mostText) } : args;
}
