import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, FaultScript, LoggedCall } from './faults.js';
import { rateLimited, refused, type Answer } from './web-api.js';

/** What becomes of a call: an answer, a broken connection, or silence. */
export type Outcome = Answer | 'reset' | 'silence';

export interface Gate {
  /** Does the call, unless the script or an outage has something else in store. */
  through(call: Omit<LoggedCall, 'at'>, act: () => Promise<Answer>): Promise<Outcome>;
}

export function makeGate(script: FaultScript, now: () => number): Gate {
  return {
    async through(call, act) {
      const { method } = call;
      script.record({ ...call, at: now() });
      const wait = script.delayOf(method);
      if (wait > 0) await pause(wait);
      if (script.isOut()) return unavailable;
      const fault = script.nextFor(method);
      return fault === undefined ? act() : scripted(fault, act);
    },
  };
}

const unavailable: Answer = { status: 503, body: { ok: false, error: 'service_unavailable' } };

async function scripted(fault: Fault, act: () => Promise<Answer>): Promise<Outcome> {
  const { status } = fault;
  if (typeof status === 'number') return { status, body: { ok: false, error: 'internal_error' } };
  if (status === 'rate_limited') return rateLimited(fault.retryAfter);
  if (status === 'timeout') return 'silence';
  if (status === 'connection-reset') return 'reset';
  if (status !== 'ok-but-lost-answer') return refused({ error: status });
  await act();
  return 'reset';
}
