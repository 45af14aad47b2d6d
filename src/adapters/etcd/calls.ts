import { targetError } from './errors.js';
import type { Session } from './session.js';

/** A member's session with failures told as TargetErrors. */
export interface Calls extends Omit<Session, 'close'> {
  readonly endpoint: string;
}

export function makeCalls(endpoint: string, session: Session): Calls {
  return {
    endpoint,
    async read(rpc, request, deadlineMs) {
      try {
        return await session.read(rpc, request, deadlineMs);
      } catch (error) {
        throw targetError(error, { endpoint, deadlineMs, act: false });
      }
    },
    async act(rpc, request, deadlineMs) {
      try {
        return await session.act(rpc, request, deadlineMs);
      } catch (error) {
        throw targetError(error, { endpoint, deadlineMs, act: true });
      }
    },
    async *stream(rpc, request, deadlineMs) {
      try {
        yield* session.stream(rpc, request, deadlineMs);
      } catch (error) {
        throw targetError(error, { endpoint, deadlineMs, act: true });
      }
    },
    async *converse(rpc, request, until) {
      try {
        yield* session.converse(rpc, request, until);
      } catch (error) {
        throw targetError(error, { endpoint, deadlineMs: until.deadlineMs, act: false });
      }
    },
  };
}
