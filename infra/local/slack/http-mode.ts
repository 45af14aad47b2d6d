import { createHmac, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parse, parseAny, text, type JsonObject } from './json.js';
import type { Reply } from './proxy.js';

/** Where local-slack sends what it would send to the bot's request URL. */
export const deliverPath = '/_deliver';

export interface HttpMode {
  /** Takes a request of local-slack, and answers it when the bot has. */
  take(request: IncomingMessage, body: Buffer): Promise<Reply>;
  send(envelope: JsonObject): boolean;
  finish(envelopeId: string, payload: unknown): void;
}

export interface HttpModeDeps {
  requestUrl: string;
  signingSecret: string;
  receive(envelope: JsonObject): void;
  acked(envelopeId: string, payload: unknown): void;
  refused(envelopeId: string): void;
}

/** Slack's signed requests. local-slack's own are opened, for the addresses in them, and signed again. */
export function makeHttpMode(deps: HttpModeDeps): HttpMode {
  const waiting = new Map<string, (reply: Reply) => void>();

  async function post(envelope: JsonObject): Promise<void> {
    const id = text(envelope['envelope_id']);
    try {
      const answer = await fetch(deps.requestUrl, {
        method: 'POST',
        ...signed(envelope, deps.signingSecret),
      });
      const said = await answer.text();
      if (answer.ok) deps.acked(id, said === '' ? undefined : (parseAny(said) ?? said));
      else deps.refused(id);
    } catch {
      deps.refused(id);
    }
  }

  return {
    take(request, body) {
      const envelope = { envelope_id: randomUUID(), ...opened(request.headers['content-type'] ?? '', body) };
      const reply = new Promise<Reply>((resolve) => waiting.set(envelope.envelope_id, resolve));
      deps.receive(envelope);
      return reply;
    },
    send(envelope) {
      void post(envelope);
      return true;
    },
    finish(envelopeId, payload) {
      const body = Buffer.from(payload === undefined ? '' : JSON.stringify(payload));
      waiting.get(envelopeId)?.({ status: 200, headers: { 'content-type': 'application/json' }, body });
      waiting.delete(envelopeId);
    },
  };
}

function opened(contentType: string, body: Buffer): { type: string; payload: JsonObject } {
  if (contentType.includes('json')) return { type: 'events_api', payload: parse(body.toString()) };
  const form = Object.fromEntries(new URLSearchParams(body.toString()));
  if (form['payload'] === undefined) return { type: 'slash_commands', payload: form };
  return { type: 'interactive', payload: parse(form['payload']) };
}

const retryHeaders = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' };

function signed(envelope: JsonObject, secret: string): { headers: Record<string, string>; body: string } {
  const body = encoded(envelope);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const form = 'application/x-www-form-urlencoded';
  const retry = envelope['retry_attempt'] === undefined ? {} : retryHeaders;
  const headers = {
    'content-type': envelope['type'] === 'events_api' ? 'application/json' : form,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
    ...retry,
  };
  return { headers, body };
}

function encoded({ type, payload }: JsonObject): string {
  if (type === 'events_api') return JSON.stringify(payload);
  if (type === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return new URLSearchParams(payload as Record<string, string>).toString();
}
