import type { Clock } from '../domain/ports.js';

/** Slack takes about one message a second in a channel, and short bursts. */
const BURST = 12;
const EVERY_MS = 1000;

export interface Pace {
  /** 0: go; else how many milliseconds to wait. `everyMs`: the least time between two edits of the same message. */
  take(channel: string, marker: string, everyMs: number): number;
}

interface Bucket {
  readonly at: number;
  readonly tokens: number;
}

export function makePace(clock: Clock): Pace {
  const buckets = new Map<string, Bucket>();
  const edits = new Map<string, number>();
  return {
    take(channel, marker, everyMs) {
      const now = clock.now();
      const since = now - (edits.get(marker) ?? 0);
      if (since < everyMs) return everyMs - since;
      const bucket = buckets.get(channel) ?? { at: now, tokens: BURST };
      const tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / EVERY_MS);
      if (tokens < 1) return Math.ceil((1 - tokens) * EVERY_MS);
      buckets.set(channel, { at: now, tokens: tokens - 1 });
      remember(edits, marker, now);
      return 0;
    },
  };
}

const MOST_REMEMBERED = 1000;

function remember(edits: Map<string, number>, marker: string, now: number): void {
  edits.delete(marker);
  edits.set(marker, now);
  const oldest = edits.size > MOST_REMEMBERED ? edits.keys().next().value : undefined;
  if (oldest !== undefined) edits.delete(oldest);
}
