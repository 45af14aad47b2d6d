import type { JsonObject } from './json.js';

/** One envelope on its way to the bot and back. */
export interface Delivery {
  envelopeId: string;
  type: string;
  payload: JsonObject;
  sentAt: number;
  ackMs?: number;
  ackBody?: unknown;
  /** As Slack names it to the person: no bot was there, or it did not ack in time. */
  failed?: 'dispatch_failed' | 'operation_timeout';
}

export type DeliveryEnd = Pick<Delivery, 'ackMs' | 'ackBody' | 'failed'>;

export interface Deliveries {
  begin(delivery: Delivery): void;
  end(envelopeId: string, end: DeliveryEnd): Delivery | undefined;
  isOpen(envelopeId: string): boolean;
  /** The end of the next delivery that matches and that nobody else has asked for. */
  expect(matches: (delivery: Delivery) => boolean): Expected;
  all(): Delivery[];
}

export interface Expected {
  ended: Promise<Delivery>;
  cancel(): void;
}

interface Waiter {
  matches: (delivery: Delivery) => boolean;
  envelopeId?: string;
  resolve: (delivery: Delivery) => void;
}

const kept = 1_000;

export function makeDeliveries(): Deliveries {
  const open = new Map<string, Delivery>();
  const waiters = new Set<Waiter>();
  let all: Delivery[] = [];

  function begin(delivery: Delivery): void {
    open.set(delivery.envelopeId, delivery);
    all = [...all.slice(1 - kept), delivery];
    const waiter = [...waiters].find((one) => one.envelopeId === undefined && one.matches(delivery));
    if (waiter !== undefined) waiter.envelopeId = delivery.envelopeId;
  }

  function end(envelopeId: string, how: DeliveryEnd): Delivery | undefined {
    const delivery = open.get(envelopeId);
    if (delivery === undefined) return undefined;
    open.delete(envelopeId);
    Object.assign(delivery, how);
    const waiter = [...waiters].find((one) => one.envelopeId === envelopeId);
    if (waiter !== undefined && waiters.delete(waiter)) waiter.resolve(delivery);
    return delivery;
  }

  function expect(matches: Waiter['matches']): Expected {
    const { promise, resolve } = withResolver<Delivery>();
    const waiter: Waiter = { matches, resolve };
    waiters.add(waiter);
    return { ended: promise, cancel: () => void waiters.delete(waiter) };
  }

  return { begin, end, expect, isOpen: (id) => open.has(id), all: () => [...all] };
}

function withResolver<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
