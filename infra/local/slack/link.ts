import { once } from 'node:events';
import { WebSocket } from 'ws';
import { text } from './json.js';
import type { Upstream } from './upstream.js';
import { frameText } from './wire.js';

/** The one Socket Mode connection to local-slack, which the proxy holds; the bot's own end at the proxy. */
export interface Link {
  finish(envelopeId: string, payload: unknown): void;
  stop(): void;
}

export async function startLink(upstream: Upstream, onFrame: (raw: string) => void): Promise<Link> {
  const { url } = await upstream.call('apps.connections.open', {});
  const socket = new WebSocket(`ws://${upstream.authority}${new URL(text(url)).pathname}`);
  socket.on('message', (data) => onFrame(frameText(data)));
  socket.on('error', () => {});
  await once(socket, 'open');
  return {
    finish(envelopeId, payload) {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(JSON.stringify({ envelope_id: envelopeId, ...(payload === undefined ? {} : { payload }) }));
    },
    stop: () => socket.terminate(),
  };
}
