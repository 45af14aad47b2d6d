import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';
import type { AlertsEntry, PagerEntry } from './alerts-schema.js';
import type { PagerSettings, Role } from './config.js';
import { parseUrl } from './endpoints.js';
import { besideConfig, readSecret } from './files.js';
import type { Path, Problems } from './problems.js';
import { Secret } from './secret.js';

export interface Holder {
  /** The configuration's own file. */
  readonly file: string;
  readonly role: Role;
}

/** The role `bot` tells pagers; nobody else holds what it takes, nor needs the files. */
export function readPagers(
  problems: Problems,
  given: AlertsEntry['pagers'],
  holder: Holder,
): readonly PagerSettings[] {
  checkPagers(problems, given);
  if (holder.role !== 'bot' && holder.role !== 'all') return [];
  return given.flatMap((entry, index) =>
    readPager(placeAt(problems, ['alerts', 'pagers', index], holder), entry),
  );
}

/** What was sent is remembered by the pager's name, so a name must not move to another pager. */
function checkPagers(problems: Problems, given: readonly PagerEntry[]): void {
  const names = given.map(nameOf);
  for (const [index, entry] of given.entries()) {
    const path: Path = ['alerts', 'pagers', index];
    if (names.indexOf(nameOf(entry)) < index)
      problems.add([...path, 'name'], `is taken: two pagers are called ${nameOf(entry)}; name each of them`);
    if (entry.kind === 'webhook') checkOne(problems, path, entry);
    checkUrl(problems, [...path, 'url'], entry.url);
  }
}

function nameOf({ kind, name }: PagerEntry): string {
  return name ?? kind;
}

function readPager(place: Place, entry: PagerEntry): readonly PagerSettings[] {
  const name = nameOf(entry);
  if (entry.kind === 'pagerduty') {
    const routingKey = place.secret('routingKeyFile', entry.routingKeyFile);
    return routingKey ? [{ kind: entry.kind, name, url: entry.url, routingKey }] : [];
  }
  if (entry.kind === 'alertmanager') {
    const bearerToken = place.secret('bearerTokenFile', entry.bearerTokenFile);
    return [{ kind: entry.kind, name, url: entry.url, bearerToken }];
  }
  const url = place.url(entry);
  return url ? [{ kind: entry.kind, name, url, secret: place.secret('secretFile', entry.secretFile) }] : [];
}

/** Only the monitor calls it. Null: none is configured, or this role does not call it. */
export function readHeartbeat(
  problems: Problems,
  given: AlertsEntry['heartbeat'],
  holder: Holder,
): { readonly url: Secret } | null {
  if (given === undefined) return null;
  const path = ['alerts', 'heartbeat'];
  checkOne(problems, path, given);
  checkUrl(problems, [...path, 'url'], given.url);
  if (holder.role !== 'monitor' && holder.role !== 'all') return null;
  const url = placeAt(problems, path, holder).url(given);
  return url && { url };
}

interface WithUrl {
  readonly url?: string | undefined;
  readonly urlFile?: string | undefined;
}

function checkOne(problems: Problems, path: Path, { url, urlFile }: WithUrl): void {
  if (url !== undefined && urlFile !== undefined)
    problems.add([...path, 'url'], 'is given as well as urlFile; keep one of them');
  if (url === undefined && urlFile === undefined && !problems.has(path))
    problems.add([...path, 'url'], 'is missing; give it, or name a file that holds it with urlFile');
}

function checkUrl(problems: Problems, path: Path, url: string | undefined): void {
  const parsed = url === undefined ? null : webUrl(url);
  if (parsed?.ok === false) problems.add(path, parsed.reason);
}

/** fetch takes no user in a URL. */
function webUrl(given: string): Verdict<string> {
  if (/^https?:\/\/[^/?#]*@/i.test(given)) return no('holds a user or password, which is not supported here');
  const parsed = parseUrl(given);
  return parsed.ok ? yes(given) : parsed;
}

interface Place {
  /** Null: no file is named, or it can't be used. */
  secret(key: string, path: string | undefined): Secret | null;
  url(given: WithUrl): Secret | null;
}

function placeAt(problems: Problems, path: Path, { file }: Holder): Place {
  const content = (key: string, named: string | undefined): string | null => {
    if (named === undefined) return null;
    const read = readSecret(besideConfig(file, named));
    if (read.ok) return read.value.trim();
    problems.add([...path, key], `${read.reason}; give a file that this process can read`);
    return null;
  };
  return {
    secret: (key, named) => hidden(content(key, named)),
    url: ({ url, urlFile }) => {
      const held = content('urlFile', urlFile);
      const parsed = held === null ? null : webUrl(held);
      if (parsed?.ok === false) problems.add([...path, 'urlFile'], `the URL in it ${parsed.reason}`);
      return hidden(held ?? url ?? null);
    },
  };
}

function hidden(value: string | null): Secret | null {
  return value === null ? null : new Secret(value);
}
