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

function named(clusters: readonly Cluster[], word: string): Verdict<Cluster> {
  const wanted = word.toLowerCase();
  const found = clusters.find(({ name, aliases }) =>
    [name, ...aliases].some((one) => one.toLowerCase() === wanted),
  );
  if (found) return yes(found);
  const close = nearest(
    wanted,
    clusters.flatMap(({ name, aliases }) => [name, ...aliases]),
  );
  return no(`There is no cluster “${word}”.`, [
    ...(close ? [`Did you mean \`${close}\`?`] : []),
    list(clusters),
  ]);
}

function list(clusters: readonly Cluster[]): string {
  const names = clusters.map(
    ({ name, aliases }) => `\`${name}\`${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}`,
  );
  return `There are: ${names.join(', ')}.`;
}
