import type { KnownBlock } from '@slack/types';
import { escape } from './escape.js';
import { context, header } from './parts.js';
import { textOf } from './plain-text.js';

/** What is posted to Slack; its files go into the same thread. */
export interface Message {
  /** For the notification: the verdict in one line. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly file?: MessageFile;
  /** Shown below the message, beside the file. */
  readonly picture?: MessageFile;
}

export interface MessageFile {
  readonly name: string;
  readonly title: string;
  readonly content: string;
  /** The content is an SVG, and is uploaded as a PNG of it. */
  readonly picture?: boolean;
}

/** A message before Slack's limits. */
export interface Draft {
  /** Raw text, one line: becomes header and notification. */
  readonly verdict: string;
  /** False: no header; for replies in a thread, where the root has one. */
  readonly headline?: boolean;
  /** In reading order; what does not fit goes to the file, from the end. */
  readonly body: readonly KnownBlock[];
  /** Kept whatever the body's length: the reading's age, the buttons. */
  readonly tail?: readonly KnownBlock[];
  readonly file?: MessageFile | undefined;
  readonly picture?: MessageFile | undefined;
}

const MOST_BLOCKS = 50;

/** Slack refuses somewhere above 12,000 characters (`msg_blocks_too_long`), and does not say what it counts. */
const MOST_CHARACTERS = 10_800;

const BLOCK_ID = 255;

const REST = context('The rest is in the file.');

export function compose(draft: Draft): Message {
  const head = draft.headline === false ? [] : [header(draft.verdict)];
  const tail = draft.tail ?? [];
  const text = escape(draft.verdict);
  const blocks = [...head, ...draft.body];
  const whole = [...blocks, ...tail];
  const picture = draft.picture && { picture: draft.picture };
  if (fits(whole)) return { text, blocks: whole, ...(draft.file && { file: draft.file }), ...picture };
  const kept = leading(blocks, tail);
  return {
    ...{ text, ...picture },
    blocks: [...blocks.slice(0, kept), REST, ...tail],
    file: fileWith(draft, blocks.slice(kept)),
  };
}

/** What goes into its thread, in this order. */
export function filesOf({ picture, file }: Message): readonly MessageFile[] {
  return [picture, file].flatMap((one) => one ?? []);
}

/** The same message with the marker by which the bot finds it again in the channel. */
export function marked(message: Message, marker: string): Message {
  const [first, ...others] = message.blocks;
  if (first === undefined) return message;
  return { ...message, blocks: [{ ...first, block_id: marker.slice(0, BLOCK_ID) }, ...others] };
}

/** How many blocks can stay in front of the note and the tail. */
function leading(blocks: readonly KnownBlock[], tail: readonly KnownBlock[]): number {
  let characters = sizeOf([REST, ...tail]);
  const most = Math.min(blocks.length, MOST_BLOCKS - tail.length - 1);
  for (let count = 0; count < most; count += 1) {
    characters += sizeOf(blocks.slice(count, count + 1));
    if (characters > MOST_CHARACTERS) return count;
  }
  return most;
}

function fits(blocks: readonly KnownBlock[]): boolean {
  return blocks.length <= MOST_BLOCKS && sizeOf(blocks) <= MOST_CHARACTERS;
}

function sizeOf(blocks: readonly KnownBlock[]): number {
  return JSON.stringify(blocks).length;
}

function fileWith(draft: Draft, rest: readonly KnownBlock[]): MessageFile {
  const text = rest.map(textOf).filter(Boolean).join('\n\n');
  if (draft.file) return { ...draft.file, content: `${draft.file.content}\n\n${text}` };
  return { name: 'rest.txt', title: 'The rest of the message', content: `${text}\n` };
}
