import type { IncomingMessage } from 'node:http';
import { object, parse, parseAny, text, type JsonObject } from './json.js';

/** A Web API call, whatever way its arguments came. */
export interface Call {
  method: string;
  args: JsonObject;
  token: string;
}

/** The fields that clients send as JSON inside a form. */
const jsonFields = ['blocks', 'attachments', 'view', 'metadata', 'files'];

export function readCall(request: IncomingMessage, body: Buffer): Call {
  const url = new URL(request.url ?? '/', 'http://local');
  const type = request.headers['content-type'] ?? '';
  const sent = type.includes('application/json')
    ? parse(body.toString())
    : Object.fromEntries(new URLSearchParams(body.toString()));
  const all = object({ ...Object.fromEntries(url.searchParams), ...sent });
  const { token: inBody, ...args } = all;
  for (const field of jsonFields) args[field] = unpacked(args[field]);
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  return { method: url.pathname.replace(/^\/api\//, ''), args: defined(args), token: bearer ?? text(inBody) };
}

function unpacked(value: unknown): unknown {
  return typeof value === 'string' ? (parseAny(value) ?? value) : value;
}

function defined(args: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
