import type { Clock } from '../domain/ports.js';

/** Slack takes about one message a second in a channel, and short bursts. */
const BURST = 12;
const EVERY_MS = 1000;
/** Of a burst, so many are kept for what a person waits for: a fix that runs fills its channel with replies. */
const KEPT = 4;

export interface Pace {
  /** 0: go; else how many milliseconds to wait. */
  take(channel: string, marker: string, wish: Wish): number;
}

export interface Wish {
  /** The least time between two edits of the same message. */
  readonly everyMs: number;
  /** Leaves room for what a person waits for. */
  readonly yields: boolean;
}

interface Bucket {
  readonly at: number;
  readonly tokens: number;
}

export function makePace(clock: Clock): Pace {
  const buckets = new Map<string, Bucket>();
  const edits = new Map<string, number>();
  return {
    take(channel, marker, { everyMs, yields }) {
      const now = clock.now();
      const since = now - (edits.get(marker) ?? 0);
      if (since < everyMs) return everyMs - since;
      const bucket = buckets.get(channel) ?? { at: now, tokens: BURST };
      const tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / EVERY_MS);
      const least = yields ? 1 + KEPT : 1;
      if (tokens < least) return Math.ceil((least - tokens) * EVERY_MS);
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
