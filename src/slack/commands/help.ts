import { nearest } from '../../domain/nearest.js';
import { helpForVerb, helpMessage, type HelpEntry } from '../blocks/help.js';
import type { Message } from '../blocks/message.js';
import { otherMessage, refusalMessage } from '../blocks/refusal.js';
import type { Command } from '../command.js';

const help: Command = {
  summary: 'what I understand, and who may ask it',
  usage: '/etcd help [verb]',
  right: 'read',
  cluster: 'none',
  examples: ['/etcd help', '/etcd help fix'],
  options: [],
  asks: { atOnce: helpOn },
  render: otherMessage,
};

export default help;

function helpOn([verb]: readonly string[], entries: readonly HelpEntry[]): Message {
  if (verb === undefined) return helpMessage(entries);
  const entry = entries.find((candidate) => candidate.verb === verb);
  if (entry) return helpForVerb(entry);
  const known = entries.map((candidate) => candidate.verb);
  const close = nearest(verb, known);
  return refusalMessage(`There is no command “${verb}”.`, [
    close ? `Did you mean \`${close}\`?` : `There are: ${known.join(', ')}.`,
  ]);
}
