import type { Clock } from '../domain/ports.js';

/** Slack takes about one message a second in a channel, and short bursts. */
const BURST = 12;
const EVERY_MS = 1000;
/** Of a burst, so many are kept for what a person waits for: a fix that runs fills its channel with replies. */
const KEPT = 4;

export interface Pace {
  /** 0: post; else how many milliseconds to wait. `yields`: leaves room for what a person waits for. */
  post(channel: string, marker: string, yields: boolean): number;
  /** 0: edit; else how many milliseconds to wait until this message has stood for `everyMs`. Slack counts edits apart. */
  edit(marker: string, everyMs: number): number;
}

interface Bucket {
  readonly at: number;
  readonly tokens: number;
}

export function makePace(clock: Clock): Pace {
  const buckets = new Map<string, Bucket>();
  const shown = new Map<string, number>();
  return {
    post(channel, marker, yields) {
      const now = clock.now();
      const bucket = buckets.get(channel) ?? { at: now, tokens: BURST };
      const tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / EVERY_MS);
      const least = yields ? 1 + KEPT : 1;
      if (tokens < least) return Math.ceil((least - tokens) * EVERY_MS);
      buckets.set(channel, { at: now, tokens: tokens - 1 });
      remember(shown, marker, now);
      return 0;
    },
    edit(marker, everyMs) {
      const now = clock.now();
      const since = now - (shown.get(marker) ?? 0);
      if (since < everyMs) return everyMs - since;
      remember(shown, marker, now);
      return 0;
    },
  };
}

const MOST_REMEMBERED = 1000;

function remember(shown: Map<string, number>, marker: string, now: number): void {
  shown.delete(marker);
  shown.set(marker, now);
  const oldest = shown.size > MOST_REMEMBERED ? shown.keys().next().value : undefined;
  if (oldest !== undefined) shown.delete(oldest);
}
