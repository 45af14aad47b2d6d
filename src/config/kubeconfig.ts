import { parse } from 'yaml';
import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';
import { nearest } from './keys.js';
import { isRawMap, valueAt, type RawMap } from './raw.js';

/** A context with the cluster that it leads to. */
export interface KubeContext {
  readonly context: string;
  readonly server: string;
}

/** What a kubeconfig says of a context, without a look at any credential. Null: its current one. */
export function readKubeContext(content: string, wanted: string | null): Verdict<KubeContext> {
  const config = parsed(content);
  if (!isRawMap(config) || !Array.isArray(config['contexts'])) return no('is no kubeconfig');
  const context = wanted ?? config['current-context'];
  if (typeof context !== 'string' || context === '') return no('has no current context; name one of its own');
  const names = namesIn(config, 'contexts');
  if (!names.includes(context)) return no(unknownContext(context, names, wanted !== null));
  const entry = named(config, 'contexts', context);
  const [cluster, user] = [valueAt(entry, ['context', 'cluster']), valueAt(entry, ['context', 'user'])];
  if (typeof user === 'string' && named(config, 'users', user) === undefined) {
    return no(`has no user as its context \`${context}\` names it`);
  }
  const found = typeof cluster === 'string' ? named(config, 'clusters', cluster) : undefined;
  const server = valueAt(found, ['cluster', 'server']);
  if (typeof server !== 'string' || !URL.canParse(server)) {
    return no(`names no server for its context \`${context}\``);
  }
  const refused = withoutTls(server, valueAt(found, ['cluster', 'insecure-skip-tls-verify']) === true);
  return refused ?? yes({ context, server });
}

/** Where a pod of the cluster finds its API server. */
export function inClusterServer(env: Readonly<Record<string, string | undefined>>): Verdict<string> {
  const [host = '', port = ''] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
  if (host === '' || port === '') {
    return no('this process runs in no Kubernetes (KUBERNETES_SERVICE_HOST is not set)');
  }
  return yes(`https://${host.includes(':') ? `[${host}]` : host}:${port}`);
}

/** The library refuses to send a token over plain HTTP, unless told that nothing has to be proven. */
function withoutTls(server: string, skip: boolean): Verdict<never> | null {
  const { protocol } = new URL(server);
  if (protocol === 'https:' || (protocol === 'http:' && skip)) return null;
  return no(
    'names a server that is not https://; that takes `insecure-skip-tls-verify: true`, and shows the token',
  );
}

function unknownContext(context: string, names: readonly string[], wanted: boolean): string {
  const meant = nearest(context, names);
  const known = names.length === 0 ? 'it has none' : `it has: ${names.join(', ')}`;
  const hint = meant === undefined ? known : `did you mean \`${meant}\`?`;
  return wanted ? `has no such context; ${hint}` : `has no context as its current one is named; ${hint}`;
}

function parsed(content: string): unknown {
  try {
    return parse(content);
  } catch {
    return undefined;
  }
}

function namesIn(config: RawMap, list: string): readonly string[] {
  return entriesOf(config, list).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
}

function named(config: RawMap, list: string, name: string): RawMap | undefined {
  return entriesOf(config, list).find((entry) => entry['name'] === name);
}

function entriesOf(config: RawMap, list: string): readonly RawMap[] {
  const entries: unknown = config[list];
  return Array.isArray(entries) ? entries.filter(isRawMap) : [];
}
