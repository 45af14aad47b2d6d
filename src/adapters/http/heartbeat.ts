import type { Heartbeat } from '../../domain/ports.js';
import { ask } from './ask.js';

export interface HeartbeatSettings {
  /** Whoever knows it can keep the switch quiet, so it is a secret. */
  readonly url: { reveal(): string };
  readonly timeoutMs?: number;
}

/** A dead man's switch that is called by GET, as all such services take it. */
export function makeHeartbeat({ url, timeoutMs = 5000 }: HeartbeatSettings): Heartbeat {
  return { beat: () => ask({ target: 'the heartbeat URL', url: url.reveal(), method: 'GET', timeoutMs }) };
}
