import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions, type RequestOptions } from 'node:https';
import { NoCredentials } from './errors.js';
import { at, text } from './json.js';
import { loadKubeConfig, type KubernetesSource, type Loaded } from './kubeconfig.js';

/** What it takes to send a request now. */
export interface Entry {
  readonly base: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Its connections are kept. */
  readonly agent: HttpAgent;
  /** For an act, which is sent once: on a new connection, which the other end can't just have closed. */
  readonly onceAgent: HttpAgent;
}

export interface Credentials {
  /** No older than so many milliseconds: tokens expire, and files are written anew. */
  entry(maxAgeMs: number): Promise<Entry>;
  /** This one was refused: the next is made anew, from what the files hold by then. */
  forget(entry: Entry): void;
  close(): void;
}

const GIVE_UP_MS = 30_000;

type Kept = { readonly agent: HttpAgent; readonly key: string };

/** Nothing is loaded before the first question: the client's library takes half a second and 70 MB. */
export function makeCredentials(source: KubernetesSource): Credentials {
  let loaded: Loaded | null = null;
  let newest: { readonly entry: Entry; readonly at: number } | null = null;
  let pending: { readonly entry: Promise<Entry>; readonly since: number } | null = null;
  const agents = new Map<string, HttpAgent>();

  async function make(): Promise<Entry> {
    try {
      loaded = await loadKubeConfig(source, loaded);
      const entry = await entryOf(loaded, keep);
      newest = { entry, at: performance.now() };
      return entry;
    } catch (error) {
      throw new NoCredentials(text(at(error, 'message')) ?? String(error));
    }
  }

  function keep({ agent, key }: Kept): HttpAgent {
    const known = agents.get(key) ?? agent;
    agents.set(key, known);
    return known;
  }

  return {
    async entry(maxAgeMs) {
      if (newest && performance.now() - newest.at < maxAgeMs) return newest.entry;
      // One that hangs, as plugins do, must not take all later questions along.
      if (pending && performance.now() - pending.since < GIVE_UP_MS) return pending.entry;
      const entry = make().finally(() => {
        if (pending?.entry === entry) pending = null;
      });
      pending = { entry, since: performance.now() };
      return entry;
    },
    forget(entry) {
      // Another question may have made a new one meanwhile.
      if (newest?.entry !== entry) return;
      newest = null;
      loaded = null;
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

async function entryOf({ config }: Loaded, keep: (kept: Kept) => HttpAgent): Promise<Entry> {
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error('the context names no cluster');
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const base = new URL(`${cluster.server}/`);
  const { headers, auth, agent: once, ca, cert, key, servername, rejectUnauthorized } = options;
  if (!(once instanceof HttpAgent)) throw new Error('the library made no connection');
  // Only the library knows how to go through a proxy; such connections are not kept.
  const proxied = cluster.proxyUrl !== undefined && cluster.proxyUrl !== '';
  const agent = proxied ? once : keep(keepAlive(base, { ca, cert, key, servername, rejectUnauthorized }));
  return { base, headers: headersOf(Object.entries(headers ?? {}), auth), agent, onceAgent: once };
}

type TlsMaterial = Pick<AgentOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>;

function keepAlive(base: URL, tls: Partial<TlsMaterial>): Kept {
  // What is undefined here would count as given.
  const given = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
  const material = [base.origin, ...Object.entries(given).flat()].map(String).join('\n');
  const options = { ...given, keepAlive: true };
  return {
    agent: base.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options),
    key: createHash('sha256').update(material).digest('base64'),
  };
}

/** A token's file may end with a line end, which no header takes. */
function headersOf(
  headers: readonly (readonly [string, unknown])[],
  auth: string | null | undefined,
): Record<string, string> {
  const given = headers.map(([name, value]) => [name, String(value).trim()] as const);
  const basic =
    typeof auth === 'string'
      ? [['Authorization', `Basic ${Buffer.from(auth, 'utf8').toString('base64')}`] as const]
      : [];
  return Object.fromEntries([...given, ...basic]);
}
