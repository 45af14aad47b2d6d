import type { Question } from '../domain/answer.js';
import type { Cluster } from '../domain/cluster.js';
import { yes, type Verdict } from '../domain/errors.js';
import { surplus, type Typed } from './parse.js';
import { called, clusterAndRest, whichCluster } from './which-cluster.js';

/** What a question is about: one cluster; every cluster there is; or what this channel may see. */
export type About =
  | { readonly kind: 'one'; readonly cluster: Cluster }
  | { readonly kind: 'all' }
  | { readonly kind: 'channel' };

export interface Scope {
  readonly about: About;
  /** As typed, with the words that the command takes among them. */
  readonly options: Question['options'];
}

/** Tells the cluster's word from the others. */
export function scopeOf(clusters: readonly Cluster[], asked: Typed, channel: string): Verdict<Scope> {
  const { command, words, options } = asked;
  if (command.cluster === 'one-or-all' && asksForAll(clusters, asked)) return scopeOfAll(asked);
  if (command.takes) return scopeWithWords(clusters, asked, channel);
  const single = command.cluster === 'one' || command.cluster === 'one-or-all';
  if (!single && words.length === 0) return yes({ about: { kind: 'channel' }, options });
  const cluster = whichCluster(clusters, words[0], channel);
  return cluster.ok ? yes({ about: { kind: 'one', cluster: cluster.value }, options }) : cluster;
}

/** A cluster that is called "all" is meant by that word; `--all` is never a cluster. */
function asksForAll(clusters: readonly Cluster[], { words, options }: Typed): boolean {
  if (options['all'] === true) return true;
  return words[0]?.toLowerCase() === 'all' && called(clusters, 'all') === undefined;
}

/** What stands after `all`, or beside `--all`, is what the command takes. */
function scopeOfAll({ command, words, options }: Typed): Verdict<Scope> {
  const rest = words[0]?.toLowerCase() === 'all' ? words.slice(1) : words;
  const given = { kind: 'all' } as const;
  if (!command.takes || rest.length === 0) return yes({ about: given, options: { ...options, all: true } });
  const { option, many } = command.takes;
  if (!many && rest.length > 1) return surplus(rest.slice(1), command.usage);
  if (options[option] !== undefined) return surplus(rest, command.usage);
  return yes({ about: given, options: { ...options, all: true, [option]: rest.join(' ') } });
}

function scopeWithWords(clusters: readonly Cluster[], asked: Typed, channel: string): Verdict<Scope> {
  const { command, words, options } = asked;
  const found = clusterAndRest(clusters, words, channel);
  if (!found.ok) return found;
  const { cluster, rest } = found.value;
  const about = { kind: 'one', cluster } as const;
  if (rest.length === 0 || !command.takes) return yes({ about, options });
  const { option, many } = command.takes;
  if (!many && rest.length > 1) return surplus(rest.slice(1), command.usage);
  if (options[option] !== undefined) return surplus(rest, command.usage);
  return yes({ about, options: { ...options, [option]: rest.join(' ') } });
}
