import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { parse, text, type JsonObject } from './json.js';
import { frameText } from './wire.js';

/** The bot's Socket Mode connections. Slack gives each envelope to exactly one of them. */
export interface BotSockets {
  /** The path of a new connection, good for one. */
  ticket(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Gives the envelope to the next connection in turn; false where there is none. */
  send(envelope: JsonObject): boolean;
  /** Slack's refresh: no more envelopes on the connections of now, and the word to connect anew. */
  refresh(): void;
  /** Closes every connection. */
  drop(): void;
  size(): number;
  /** Says goodbye and waits a moment for the bot's: Bolt does not wait for it when it stops. */
  stop(): Promise<void>;
}

export interface SocketEvents {
  onAck(envelopeId: string, payload: unknown): void;
  onCount(count: number): void;
}

export const socketPath = '/link/';

const goodbyeMs = 500;

export function makeBotSockets(appId: string, events: SocketEvents): BotSockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const inTurn: WebSocket[] = [];

  function leave(socket: WebSocket): void {
    const index = inTurn.indexOf(socket);
    if (index === -1) return;
    inTurn.splice(index, 1);
    events.onCount(inTurn.length);
  }

  function join(socket: WebSocket): void {
    inTurn.push(socket);
    socket.on('close', () => leave(socket));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => hear(frameText(data), events));
    const hello = { type: 'hello', num_connections: inTurn.length, connection_info: { app_id: appId } };
    socket.send(
      JSON.stringify({ ...hello, debug_info: { host: 'local', approximate_connection_time: 18_060 } }),
    );
    events.onCount(inTurn.length);
  }

  return {
    ticket() {
      const path = socketPath + randomUUID();
      tickets.add(path);
      return path;
    },
    upgrade(request, socket, head) {
      if (!tickets.delete(request.url ?? '')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      server.handleUpgrade(request, socket, head, join);
    },
    send(envelope) {
      const socket = inTurn.shift();
      if (socket === undefined) return false;
      inTurn.push(socket);
      socket.send(JSON.stringify(envelope));
      return true;
    },
    refresh() {
      for (const socket of [...inTurn]) {
        leave(socket);
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }));
      }
    },
    drop() {
      for (const socket of server.clients) {
        leave(socket);
        void goodbye(socket, 1012);
      }
    },
    size: () => inTurn.length,
    async stop() {
      await Promise.all([...server.clients].map((socket) => goodbye(socket, 1001)));
      server.close();
    },
  };
}

async function goodbye(socket: WebSocket, code: number): Promise<void> {
  const closed = once(socket, 'close');
  socket.close(code);
  const timer = setTimeout(() => socket.terminate(), goodbyeMs);
  await closed;
  clearTimeout(timer);
}

function hear(raw: string, events: SocketEvents): void {
  const frame = parse(raw);
  const envelopeId = text(frame['envelope_id']);
  if (envelopeId !== '') events.onAck(envelopeId, frame['payload']);
}
