import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { TargetError } from '../../domain/errors.js';
import type { MemberMetrics } from '../../domain/snapshot.js';
import { connectionTrouble, oneLine, withoutUser } from '../trouble.js';
import { parseMetrics } from './exposition.js';

export interface MetricsTls {
  readonly ca?: Buffer | string | undefined;
  readonly cert?: Buffer | string | undefined;
  readonly key?: Buffer | string | undefined;
}

export interface MetricsReader {
  readonly read: (deadlineMs: number) => Promise<MemberMetrics>;
  close(): void;
}

/** A member writes about 170 KB; whatever sends more is no etcd. */
const mostBytes = 16 * 1024 * 1024;

/** Over node:http rather than fetch, which takes twice as long, and with one connection that is kept. */
export function makeMetricsReader(url: string, tls: MetricsTls = {}): MetricsReader {
  const secure = new URL(url).protocol === 'https:';
  const options = { keepAlive: true, maxSockets: 2 };
  const agent = secure ? new HttpsAgent({ ...options, ...tls }) : new HttpAgent(options);
  const ask = secure ? httpsRequest : httpRequest;
  return {
    async read(deadlineMs) {
      const signal = AbortSignal.timeout(deadlineMs);
      try {
        return parseMetrics(await textOf(ask(url, { agent, signal })));
      } catch (error) {
        // An answer that is cut short by our own signal looks like a broken connection.
        throw signal.aborted
          ? tooLate(error, withoutUser(url), deadlineMs)
          : targetError(error, withoutUser(url));
      }
    },
    close: () => agent.destroy(),
  };
}

async function textOf(request: ClientRequest): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject).end();
  });
  const { statusCode = 0 } = response;
  if (statusCode !== 200) {
    response.resume();
    throw new Refused(statusCode);
  }
  return readAll(response);
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Refused(200, `more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  // Nothing that is read here is beyond ASCII, and UTF-8 would take as long as the reading itself.
  return Buffer.concat(chunks).toString('latin1');
}

class Refused extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, why = `status ${statusCode}`) {
    super(why);
    this.statusCode = statusCode;
  }
}

function tooLate(error: unknown, url: string, deadlineMs: number): TargetError {
  const words = `${url} gave no answer within ${deadlineMs} ms.`;
  return new TargetError('timeout', url, words, { retryable: true, cause: error });
}

/** Told by the code alone: what the network throws has one, and a bug has none. */
function targetError(error: unknown, url: string): unknown {
  if (error instanceof Refused) return refusal(error, url);
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return error;
  const kind = connectionTrouble(`${code} ${message}`);
  const words = `No metrics from ${url}: ${oneLine(message || code)}.`;
  return new TargetError(kind, url, words, { retryable: kind !== 'tls', cause: error });
}

function refusal(error: Refused, url: string): TargetError {
  const code = ({ 401: 'auth', 403: 'denied', 404: 'unsupported' } as const)[error.statusCode] ?? 'failed';
  return new TargetError(code, url, `No metrics from ${url}: ${error.message}.`, { cause: error });
}
