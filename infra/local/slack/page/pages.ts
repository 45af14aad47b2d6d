import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { isObject, objects, parse, type JsonObject } from '../json.js';
import { frameText } from '../wire.js';
import { readableFrame } from './frames.js';

/** The open pages: each has a connection of its own to local-slack, and gets its frames made readable. */
export interface Pages {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Shows something to every open page. */
  show(frame: JsonObject): void;
  stop(): void;
}

export interface PageDeps {
  /** host:port of local-slack. */
  authority: string;
  /** Puts the proxy's own address where local-slack names its own. */
  ownAddress(raw: string): string;
  /** local-slack sees only the proxy's own connection, which never ends. */
  isConnected(): boolean;
}

export function makePages({ authority, ownAddress, isConnected }: PageDeps): Pages {
  const server = new WebSocketServer({ noServer: true });

  function connect(page: WebSocket): void {
    const upstream = new WebSocket(`ws://${authority}/ui`);
    const early: string[] = [];
    const end = (): void => [page, upstream].forEach((socket) => socket.terminate());
    upstream.on('open', () => early.splice(0).forEach((frame) => upstream.send(frame)));
    upstream.on('message', (data) => {
      const frame = parse(ownAddress(frameText(data)));
      if (page.readyState !== WebSocket.OPEN || frame['t'] === 'socket_status') return;
      page.send(JSON.stringify(withConnection(readableFrame(frame), isConnected())));
    });
    page.on('message', (data) => {
      if (upstream.readyState === WebSocket.OPEN) upstream.send(frameText(data));
      else early.push(frameText(data));
    });
    for (const socket of [page, upstream]) socket.on('close', end).on('error', end);
  }

  return {
    upgrade: (request, socket, head) => server.handleUpgrade(request, socket, head, connect),
    show: (frame) => server.clients.forEach((page) => page.send(JSON.stringify(frame))),
    stop() {
      server.clients.forEach((page) => page.terminate());
      server.close();
    },
  };
}

function withConnection(frame: JsonObject, connected: boolean): JsonObject {
  const { state } = frame;
  if (!isObject(state)) return frame;
  return {
    ...frame,
    state: { ...state, apps: objects(state['apps']).map((app) => ({ ...app, connected })) },
  };
}
