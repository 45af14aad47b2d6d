import type { Message } from '../../src/slack/blocks/message.js';

type Json = Readonly<Record<string, unknown>>;

const KINDS = new Set(['header', 'section', 'context', 'divider', 'image', 'actions', 'input']);

/** What Slack would refuse, a line each; empty: it takes the message. */
export function violations(message: Message): readonly string[] {
  const blocks = message.blocks as unknown as readonly Json[];
  const ids = blocks.flatMap((block) => (typeof block.block_id === 'string' ? [block.block_id] : []));
  return [
    ...(message.text === '' ? ['no text for the notification'] : []),
    ...over('text', message.text, 4000),
    ...(message.text.includes('\n') ? ['text of several lines'] : []),
    ...(blocks.length === 0 || blocks.length > 50 ? [`${String(blocks.length)} blocks`] : []),
    ...over('message', JSON.stringify(blocks), 12_000),
    ...(new Set(ids).size === ids.length ? [] : ['a block id twice']),
    ...blocks.flatMap(blockViolations),
  ];
}

export function blockViolations(block: Json): readonly string[] {
  const kind = String(block.type);
  const id = over('block_id', block.block_id ?? '', 255);
  if (!KINDS.has(kind)) return [...id, `block ${kind} is not shown everywhere`];
  if (kind === 'header') return [...id, ...text('header', block.text, 150, 'plain_text')];
  if (kind === 'section') return [...id, ...sectionViolations(block)];
  if (kind === 'context') return [...id, ...contextViolations(block)];
  if (kind === 'actions') return [...id, ...actionsViolations(block)];
  return id;
}

function sectionViolations(block: Json): readonly string[] {
  const fields = list(block.fields);
  return [
    ...(block.text === undefined ? [] : text('section', block.text, 3000, 'mrkdwn')),
    ...(block.text === undefined && fields.length === 0 ? ['section without text'] : []),
    ...(fields.length > 10 ? [`${String(fields.length)} fields`] : []),
    ...fields.flatMap((field) => text('field', field, 2000, 'mrkdwn')),
  ];
}

function contextViolations(block: Json): readonly string[] {
  const elements = list(block.elements);
  const count =
    elements.length === 0 || elements.length > 10 ? [`context of ${String(elements.length)}`] : [];
  return [...count, ...elements.flatMap((element) => text('context', element, 3000, 'mrkdwn'))];
}

function actionsViolations(block: Json): readonly string[] {
  const elements = list(block.elements);
  const count =
    elements.length === 0 || elements.length > 25 ? [`actions of ${String(elements.length)}`] : [];
  return [...count, ...elements.flatMap(buttonViolations)];
}

function buttonViolations(button: Json): readonly string[] {
  const confirm = button.confirm as Json | undefined;
  return [
    ...text('button', button.text, 75, 'plain_text'),
    ...over('value', button.value ?? '', 2000),
    ...over('action_id', button.action_id ?? '', 255),
    ...(typeof button.action_id === 'string' && button.action_id !== '' ? [] : ['button without action_id']),
    ...(confirm === undefined ? [] : confirmViolations(confirm)),
  ];
}

function confirmViolations(confirm: Json): readonly string[] {
  return [
    ...text('confirm title', confirm.title, 100, 'plain_text'),
    ...text('confirm text', confirm.text, 300),
    ...text('confirm yes', confirm.confirm, 30, 'plain_text'),
    ...text('confirm no', confirm.deny, 30, 'plain_text'),
  ];
}

export function text(what: string, object: unknown, most: number, kind?: string): readonly string[] {
  const { type, text: said } = (object ?? {}) as { type?: string; text?: string };
  if (said === undefined || said === '') return [`${what} without text`];
  const wrong = kind !== undefined && type !== kind ? [`${what} is ${String(type)}, not ${kind}`] : [];
  return [...wrong, ...over(what, said, most), ...unsafe(what, said)];
}

/** Mentions of groups of people, and halves of characters, whoever wrote them. */
function unsafe(what: string, said: string): readonly string[] {
  const mention = /<!(channel|here|everyone)|(^|\W)@(channel|here|everyone)\b/.test(said);
  const half = /\p{Cs}/u.test(said);
  const control = /[^\P{Cc}\n]/u.test(said);
  return [
    ...(mention ? [`${what} notifies everybody`] : []),
    ...(half ? [`${what} holds half a character`] : []),
    ...(control ? [`${what} holds a control character`] : []),
  ];
}

function over(what: string, value: unknown, most: number): readonly string[] {
  const size = String(value).length;
  return size > most ? [`${what} of ${String(size)} characters, more than ${String(most)}`] : [];
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
