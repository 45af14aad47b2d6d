import type { ActionsBlock, Button, ConfirmationDialog, ContextBlock, DividerBlock } from '@slack/types';
import type { HeaderBlock, MrkdwnElement, PlainTextElement, SectionBlock } from '@slack/types';
import { clip, plain, shorten } from './escape.js';

/** Slack's limits; a longer text makes Slack refuse the whole message. */
const SECTION = 3000;
const HEADER = 150;
const BUTTON = 75;
const CONTEXT = 1500;
const CONTEXT_ELEMENTS = 10;
const CONFIRM = { title: 100, text: 300, button: 30 };

/** `verbatim`: Slack parses only what we wrote as a mention, a link or a date; nothing that merely looks like one. */
export function mrkdwn(text: string, longest = SECTION): MrkdwnElement {
  return { type: 'mrkdwn', text: clip(text, longest), verbatim: true };
}

/** Takes raw text, and tames it: plain_text needs other escapes than mrkdwn. */
export function plainText(raw: string, longest: number): PlainTextElement {
  return { type: 'plain_text', text: shorten(plain(raw, longest), longest), emoji: true };
}

/** Takes raw text. */
export function header(raw: string): HeaderBlock {
  return { type: 'header', text: plainText(raw, HEADER) };
}

export function section(text: string): SectionBlock {
  return { type: 'section', text: mrkdwn(text) };
}

/** As few sections as hold these lines, none cut in the middle of a line. */
export function sections(lines: readonly string[]): readonly SectionBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    const fits = last !== undefined && last.length + line.length < SECTION;
    if (fits) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map(section);
}

export function context(...texts: readonly string[]): ContextBlock {
  return { type: 'context', elements: texts.slice(0, CONTEXT_ELEMENTS).map((text) => mrkdwn(text, CONTEXT)) };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

export function actions(...elements: readonly Button[]): ActionsBlock {
  return { type: 'actions', elements: [...elements] };
}

export interface ButtonSpec {
  readonly action: string;
  readonly text: string;
  /** An opaque id and nothing else: whoever clicks can send us any value. */
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmSpec;
}

/** Raw texts. */
export interface ConfirmSpec {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  readonly style?: 'primary' | 'danger';
}

export function button(spec: ButtonSpec): Button {
  return {
    type: 'button',
    action_id: spec.action,
    text: plainText(spec.text, BUTTON),
    value: spec.value,
    ...(spec.style && { style: spec.style }),
    ...(spec.confirm && { confirm: confirmation(spec.confirm) }),
  };
}

function confirmation(spec: ConfirmSpec): ConfirmationDialog {
  return {
    title: plainText(spec.title, CONFIRM.title),
    text: plainText(spec.text, CONFIRM.text),
    confirm: plainText(spec.yes, CONFIRM.button),
    deny: plainText(spec.no, CONFIRM.button),
    ...(spec.style && { style: spec.style }),
  };
}
