import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';
import type { Path, Problems } from './problems.js';
import type { ClusterEntry } from './cluster-schema.js';

/** A member's client URL in its one spelling. Bad ones are not repeated: they may hold a password. */
export function parseEndpoint(given: string): Verdict<string> {
  const url = parseUrl(given);
  if (!url.ok) return url;
  const { pathname, search, hash } = url.value;
  if (!['', '/'].includes(pathname) || search !== '' || hash !== '')
    return no('has a path; write only scheme, host and port');
  if (!/:\d+\/?$/.test(given)) return no('has no port; add it, usually :2379');
  return yes(given.toLowerCase().replace(/\/$/, ''));
}

export function parseUrl(given: string): Verdict<URL> {
  if (!/^https?:\/\//i.test(given)) return no('must begin with http:// or https://');
  if (!URL.canParse(given)) return no('is not a URL; write for example https://10.0.0.1:2379');
  const url = new URL(given);
  if (url.username !== '' || url.password !== '') return no('holds a user or password; give them as `auth`');
  return yes(url);
}

export function checkEndpoints(problems: Problems, path: Path, entry: ClusterEntry): void {
  const place = [...path, 'endpoints'];
  if (entry.endpoints.length === 0 && !problems.has(place))
    problems.add(place, 'names no member; list one client URL for each');
  for (const [index, endpoint] of entry.endpoints.entries()) {
    const parsed = parseEndpoint(endpoint);
    if (!parsed.ok) problems.add([...place, index], parsed.reason);
  }
  const schemes = new Set(entry.endpoints.map((endpoint) => /^https?:/i.exec(endpoint)?.[0].toLowerCase()));
  if (schemes.has('http:') && schemes.has('https:'))
    problems.add(place, 'mixes http and https; use one for all members');
  if (!schemes.has('http:')) return;
  const advice = 'is given, but endpoints begin with http://; write https://, or take tls out';
  if (entry.tls !== undefined) problems.add([...path, 'tls'], advice);
  if (entry.operate?.tls !== undefined) problems.add([...path, 'operate', 'tls'], advice);
}

export function checkMetrics(problems: Problems, path: Path, entry: ClusterEntry): void {
  if (entry.metrics === undefined) return;
  const place = [...path, 'metrics'];
  for (const [index, url] of entry.metrics.entries()) {
    const parsed = parseUrl(url);
    if (!parsed.ok) problems.add([...place, index], parsed.reason);
  }
  const [given, needed] = [entry.metrics.length, entry.endpoints.length];
  if (given === needed || problems.has([...path, 'endpoints'])) return;
  const counts = `lists ${String(given)} URLs for ${String(needed)} endpoints`;
  problems.add(place, `${counts}; list one for each, in the same order, or take it out`);
}
