import type { Notice } from '../../domain/ports.js';
import { prose } from './escape.js';
import { compose, type Message } from './message.js';
import { sections } from './parts.js';

/** A message of the bot's own accord. */
export function noticeMessage({ title, lines }: Notice): Message {
  return compose({ verdict: title, body: sections(lines.map((line) => prose(line))) });
}
