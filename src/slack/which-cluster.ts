import type { Cluster } from '../domain/cluster.js';
import { no, yes, type Verdict } from '../domain/errors.js';
import { nearest } from '../domain/nearest.js';

/** The cluster that is meant: named, or the only one there is, or the only one of this channel. */
export function whichCluster(
  clusters: readonly Cluster[],
  word: string | undefined,
  channel: string,
): Verdict<Cluster> {
  if (word !== undefined) return named(clusters, word);
  const here = clusters.filter((cluster) => cluster.channels.includes(channel));
  const [only] = here.length > 0 ? here : clusters;
  if (only && (here.length === 1 || clusters.length === 1)) return yes(only);
  if (here.length === 0) return no('This channel has no cluster.', [list(clusters)]);
  return no('Which cluster?', [list(here)]);
}

export interface ClusterAndRest {
  readonly cluster: Cluster;
  readonly rest: readonly string[];
}

/**
 * The same for a command that takes more words: the cluster's comes first, or is left out. A first word that is close to
 * a cluster's name is rather that name mistyped than a member.
 */
export function clusterAndRest(
  clusters: readonly Cluster[],
  words: readonly string[],
  channel: string,
): Verdict<ClusterAndRest> {
  const [first, ...rest] = words;
  const unnamed = whichCluster(clusters, undefined, channel);
  if (first === undefined) return unnamed.ok ? yes({ cluster: unnamed.value, rest }) : unnamed;
  const cluster = called(clusters, first);
  if (cluster) return yes({ cluster, rest });
  const later = rest.find((word) => called(clusters, word));
  if (later !== undefined) return no('The cluster comes first.', [`Put “${later}” before “${first}”.`]);
  if (unnamed.ok && close(clusters, first) === undefined) return yes({ cluster: unnamed.value, rest: words });
  const { reason, instead = [] } = unknown(clusters, first);
  return no(reason, [...instead, `If “${first}” is a member or a prefix, put the cluster before it.`]);
}

function named(clusters: readonly Cluster[], word: string): Verdict<Cluster> {
  const found = called(clusters, word);
  return found ? yes(found) : unknown(clusters, word);
}

/** By name or alias. */
export function called(clusters: readonly Cluster[], word: string): Cluster | undefined {
  const wanted = word.toLowerCase();
  return clusters.find((cluster) => namesOf(cluster).some((one) => one.toLowerCase() === wanted));
}

function unknown(clusters: readonly Cluster[], word: string) {
  const meant = close(clusters, word);
  return no(`There is no cluster “${word}”.`, [
    ...(meant === undefined ? [] : [`Did you mean \`${meant}\`?`]),
    list(clusters),
  ]);
}

function close(clusters: readonly Cluster[], word: string): string | undefined {
  return nearest(word.toLowerCase(), clusters.flatMap(namesOf));
}

function namesOf({ name, aliases }: Cluster): readonly string[] {
  return [name, ...aliases];
}

function list(clusters: readonly Cluster[]): string {
  const names = clusters.map(
    ({ name, aliases }) => `\`${name}\`${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}`,
  );
  return `There are: ${names.join(', ')}.`;
}
