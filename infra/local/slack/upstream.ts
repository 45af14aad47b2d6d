import { parse, type JsonObject } from './json.js';

export interface Exchange {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** The local-slack process behind the proxy. */
export interface Upstream {
  /** host:port that it listens on. */
  authority: string;
  /** A Web API call in the bot's name. */
  call(method: string, args: JsonObject): Promise<JsonObject>;
  /** Its control API: what people do. */
  control(path: string, body?: JsonObject): Promise<JsonObject>;
  pass(exchange: Exchange): Promise<RawAnswer>;
}

const hopByHop = new Set([
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'host',
  'expect',
]);

export interface UpstreamOptions {
  authority: string;
  botToken: string;
  /** Puts the proxy's own address where local-slack names its own. */
  ownAddress?: (raw: string) => string;
}

export function makeUpstream({ authority, botToken, ownAddress = (raw) => raw }: UpstreamOptions): Upstream {
  const readObject = async (answer: Response): Promise<JsonObject> => parse(ownAddress(await answer.text()));
  const base = `http://${authority}`;
  const json = { 'content-type': 'application/json' };
  return {
    authority,
    async call(method, args) {
      const headers = { ...json, authorization: `Bearer ${botToken}` };
      const body = JSON.stringify(args);
      return readObject(await fetch(`${base}/api/${method}`, { method: 'POST', headers, body }));
    },
    async control(path, body) {
      const post = body && { method: 'POST', headers: json, body: JSON.stringify(body) };
      const answer = await fetch(`${base}/_control/${path}`, post);
      if (answer.ok) return readObject(answer);
      throw new Error(`local-slack refused ${path}: ${answer.status} ${await answer.text()}`);
    },
    async pass({ method, path, headers, body }) {
      const answer = await fetch(base + path, {
        ...{ method, headers: withoutHops(headers), redirect: 'manual' },
        ...(body && body.length > 0 ? { body: new Uint8Array(body) } : {}),
      });
      const received = withoutHops(Object.fromEntries(answer.headers));
      return { status: answer.status, headers: received, body: Buffer.from(await answer.arrayBuffer()) };
    },
  };
}

function withoutHops(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name.toLowerCase())));
}
