import { createServer as createHttp2, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { figuresOf, memberListReply, statusReply, type Member } from './model.js';
import type { Page } from './page.js';

/** What the fleet has answered since its start. */
export interface Served {
  status: number;
  members: number;
  pages: number;
  /** Calls that no member of the fleet knows. */
  others: number;
}

export interface ServeDeps {
  readonly pages: readonly Page[];
  readonly served: Served;
  readonly siblingsOf: (member: Member) => readonly Member[];
  /** Seconds since the fleet's start. */
  readonly age: () => number;
}

export interface Front {
  /** For a connection that begins with HTTP/2, as gRPC's do. */
  http2(socket: Socket): void;
  /** For one that asks for /metrics. */
  http1(socket: Socket, member: Member): void;
}

const CALLS = {
  '/etcdserverpb.Maintenance/Status': 'status',
  '/etcdserverpb.Cluster/MemberList': 'members',
} as const;

/** Answers for every member: gRPC over HTTP/2, /metrics over HTTP/1.1, as etcd does on its client port. */
export function makeFront(deps: ServeDeps, memberAt: (address: string) => Member | undefined): Front {
  const grpc = grpcServer(deps, memberAt);
  return {
    http2: (socket) => void grpc.emit('connection', socket),
    http1: (socket, member) => serveMetrics(deps, socket, member),
  };
}

function grpcServer(deps: ServeDeps, memberAt: (address: string) => Member | undefined): Http2Server {
  const server = createHttp2();
  server.on('session', (session) => {
    const member = memberAt(session.socket.localAddress ?? '');
    session.on('error', () => session.destroy());
    session.on('stream', (stream, headers) => answer(deps, stream, { member, path: headers[':path'] ?? '' }));
  });
  return server;
}

interface Call {
  readonly member: Member | undefined;
  readonly path: string;
}

function answer(deps: ServeDeps, stream: ServerHttp2Stream, { member, path }: Call): void {
  const call = CALLS[path as keyof typeof CALLS] as 'status' | 'members' | undefined;
  stream.on('error', () => stream.close());
  stream.resume();
  deps.served[call ?? 'others'] += 1;
  const known = call !== undefined && member !== undefined;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  // 12: UNIMPLEMENTED.
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': known ? '0' : '12' }));
  if (!known) return void stream.end();
  stream.end(
    call === 'status'
      ? statusReply(member, deps.age())
      : memberListReply(member, deps.siblingsOf(member), deps.age()),
  );
}

/** By hand, in chunks like etcd's; a request ends with its first empty line. */
function serveMetrics({ pages, served, age }: ServeDeps, socket: Socket, member: Member): void {
  const page = pages[member.index % pages.length];
  let asked = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    asked += text;
    if (!asked.endsWith('\r\n\r\n') || !page) return;
    asked = '';
    served.pages += 1;
    socket.cork();
    socket.write(HEAD);
    for (const chunk of chunksOf(page(figuresOf(member, age()), age()))) socket.write(chunk, 'latin1');
    socket.uncork();
  });
}

const HEAD = [
  'HTTP/1.1 200 OK',
  'Content-Type: text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
  'Transfer-Encoding: chunked',
  '\r\n',
].join('\r\n');

/** Go writes 2 or 4 KiB at a time. */
const CHUNK = 3072;

function* chunksOf(page: string): Generator<string> {
  for (let at = 0; at < page.length; at += CHUNK) {
    const chunk = page.slice(at, at + CHUNK);
    yield `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
  }
  yield '0\r\n\r\n';
}
