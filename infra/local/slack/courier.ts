import type { Deliveries, Delivery } from './deliveries.js';
import { isObject, object, text, type JsonObject } from './json.js';

/**
 * Takes local-slack's envelopes to the bot as Slack does: to one connection, with three seconds for the ack, a
 * second time when a test asks for it.
 */
export interface Courier {
  carry(envelope: JsonObject): void;
  acked(envelopeId: string, payload: unknown): void;
  /** The bot could not be reached, or answered with an error. */
  refused(envelopeId: string): void;
  duplicate(next: number): void;
  stop(): void;
}

export interface CourierDeps {
  deliveries: Deliveries;
  /** False where no bot is connected. */
  send(envelope: JsonObject): boolean;
  /** Tells local-slack that the envelope is done with. */
  finish(envelopeId: string, payload: unknown): void;
  onFailure(delivery: Delivery): void;
  ackMs: number;
}

export function makeCourier(deps: CourierDeps): Courier {
  const { deliveries } = deps;
  const timers = new Map<string, NodeJS.Timeout>();
  let duplicates = 0;

  function sinceSent(envelopeId: string): number {
    const now = performance.now();
    return now - (deliveries.all().find((one) => one.envelopeId === envelopeId)?.sentAt ?? now);
  }

  function fail(envelopeId: string, failed: 'dispatch_failed' | 'operation_timeout'): void {
    clearTimeout(timers.get(envelopeId));
    timers.delete(envelopeId);
    const delivery = deliveries.end(envelopeId, { failed, ackMs: sinceSent(envelopeId) });
    if (delivery === undefined) return;
    deps.finish(envelopeId, undefined);
    deps.onFailure(delivery);
  }

  function repeat(envelope: JsonObject): void {
    if (duplicates === 0) return;
    duplicates -= 1;
    deps.send({ ...envelope, retry_attempt: 1, retry_reason: 'timeout' });
  }

  return {
    carry(envelope) {
      const envelopeId = text(envelope['envelope_id']);
      const payload = object(envelope['payload']);
      deliveries.begin({ envelopeId, type: text(envelope['type']), payload, sentAt: performance.now() });
      if (!deps.send(envelope)) {
        fail(envelopeId, 'dispatch_failed');
        return;
      }
      timers.set(
        envelopeId,
        setTimeout(() => fail(envelopeId, 'operation_timeout'), deps.ackMs),
      );
      repeat(envelope);
    },
    acked(envelopeId, payload) {
      clearTimeout(timers.get(envelopeId));
      timers.delete(envelopeId);
      const ended = deliveries.end(envelopeId, { ackMs: sinceSent(envelopeId), ackBody: payload });
      if (ended !== undefined) deps.finish(envelopeId, ackBody(ended.type, payload));
    },
    refused: (envelopeId) => fail(envelopeId, 'dispatch_failed'),
    duplicate: (next) => void (duplicates += next),
    stop: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}

/** Slack shows a command's answer to its author alone unless told otherwise; local-slack shows it to all. */
export function ackBody(type: string, payload: unknown): unknown {
  if (type !== 'slash_commands') return payload;
  if (typeof payload === 'string' && payload !== '') return { text: payload, response_type: 'ephemeral' };
  return isObject(payload) ? { response_type: 'ephemeral', ...payload } : payload;
}
