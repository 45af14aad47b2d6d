import type { Question } from '../domain/answer.js';
import type { Command } from './command.js';

/** The question as it would be typed, without its reason. */
export function commandLine({ verb, cluster, options }: Question, { takes }: Command): string {
  const extra = takes ? options[takes.option] : undefined;
  const words = [cluster ?? (options['all'] === true ? 'all' : ''), typeof extra === 'string' ? extra : ''];
  const flags = Object.entries(options).flatMap(([name, value]) => {
    if (name === 'reason' || name === takes?.option || (name === 'all' && cluster === null)) return [];
    if (value === true) return [`--${name}`];
    return value === false ? [] : [`--${name} ${quoted(value)}`];
  });
  return ['/etcd', verb, ...words, ...flags].filter((word) => word !== '').join(' ');
}

function quoted(value: string): string {
  return /^\S+$/.test(value) ? value : `"${value.replaceAll('"', "'")}"`;
}
