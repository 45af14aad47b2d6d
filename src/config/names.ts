import { parseEndpoint } from './endpoints.js';
import { nearest } from './keys.js';
import type { Path, Problems } from './problems.js';
import { showPath } from './problems.js';
import type { ClusterEntry } from './cluster-schema.js';
import type { Settings } from './schema.js';

export interface Placed {
  readonly index: number;
  readonly entry: ClusterEntry;
}

interface Claim {
  readonly key: string;
  readonly path: Path;
}

/** Typed in Slack, and part of Redis keys, job ids and file names: so no spaces, colons or slashes. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/i;

/** Two clusters must never be taken for each other: neither by a word that people type, nor by an address. */
export function checkUnique(problems: Problems, clusters: readonly Placed[]): void {
  report(problems, clusters.flatMap(namesOf), 'is taken: the same as');
  report(problems, clusters.flatMap(endpointsOf), 'is the same member as');
}

function namesOf({ index, entry }: Placed): Claim[] {
  const aliases = entry.aliases.map((alias, place) => claim(alias, ['clusters', index, 'aliases', place]));
  return NAME.test(entry.name) ? [claim(entry.name, ['clusters', index, 'name']), ...aliases] : aliases;
}

function claim(key: string, path: Path): Claim {
  return { key: key.toLowerCase(), path };
}

function endpointsOf({ index, entry }: Placed): Claim[] {
  return entry.endpoints.flatMap((endpoint, place) => {
    const parsed = parseEndpoint(endpoint);
    return parsed.ok ? [claim(parsed.value, ['clusters', index, 'endpoints', place])] : [];
  });
}

function report(problems: Problems, claims: readonly Claim[], words: string): void {
  const first = new Map<string, Path>();
  for (const { key, path } of claims) {
    const taken = first.get(key);
    if (taken === undefined) first.set(key, path);
    else problems.add(path, `${words} ${showPath(taken)}`);
  }
}

export function checkNames(problems: Problems, path: Path, entry: ClusterEntry): void {
  const advice = 'must be one word of letters, digits, dots, dashes and underscores, at most 63 of them';
  if (!NAME.test(entry.name) && !problems.has([...path, 'name'])) problems.add([...path, 'name'], advice);
  for (const [index, alias] of entry.aliases.entries()) {
    if (!NAME.test(alias)) problems.add([...path, 'aliases', index], advice);
  }
}

/** A mistyped environment would lose its stricter policy without a word. */
export function checkEnvironment(
  problems: Problems,
  path: Path,
  given: { entry: ClusterEntry; settings: Settings },
): void {
  const { entry, settings } = given;
  const known = Object.keys(settings.environments);
  if (entry.environment === undefined || known.length === 0 || known.includes(entry.environment)) return;
  if (problems.has(['environments'])) return;
  const meant = nearest(entry.environment, known);
  const hint = meant === undefined ? `known: ${known.join(', ')}` : `did you mean \`${meant}\`?`;
  problems.add([...path, 'environment'], `is not among \`environments\`; ${hint}`);
}
