import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Unreadable } from './errors.js';

export interface Sending {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

/** A page of 500 objects with all that controllers wrote into them takes a few megabytes. */
const MOST_LENGTH = 64 * 1024 * 1024;

/** A kept connection that the other end closed just now: nothing has been received on it. */
export class StaleConnection extends Error {}

/** One request over node:http, whose connections are kept, and can be aborted at any time. Follows nowhere. */
export function send({ url, body, ...options }: Sending): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request: ClientRequest = ask(url, options);
    request.on('response', resolve).on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && /^(?:ECONNRESET|EPIPE)$/.test(error.code ?? '');
      reject(stale ? new StaleConnection() : error);
    });
    request.end(body);
  });
}

/** As text from the start: buffers of whole pages would only wait for the collector. */
export async function bodyOf(response: IncomingMessage, most = MOST_LENGTH): Promise<string> {
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    body += chunk;
    if (body.length > most) throw new Unreadable(`answered more than ${most} characters`);
  }
  return body;
}

/** The lines of an answer as they come. */
export async function* linesOf(
  response: IncomingMessage,
  { most, longest }: { readonly most: number; readonly longest: number },
): AsyncGenerator<string> {
  let rest = '';
  let length = 0;
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    length += chunk.length;
    if (length > most) throw new Unreadable(`answered more than ${most} characters`);
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longest) throw new Unreadable(`sent a line of more than ${longest} characters`);
    yield* lines;
  }
  if (rest !== '') yield rest;
}
