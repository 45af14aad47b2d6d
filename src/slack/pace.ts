import type { Clock } from '../domain/ports.js';

/** Slack takes about one message a second in a channel, and short bursts. */
const BURST = 12;
const EVERY_MS = 1000;
/** Of a burst, so many are kept for what a person waits for: a fix that runs fills its channel with replies. */
const KEPT = 4;
/** About 50 edits a minute in the whole workspace. More of them are often taken: until Slack says no, nobody waits. */
const EDIT_AGAIN_MS = 1200;

export interface Pace {
  /** 0: post; else how many milliseconds to wait. `yields`: leaves room for what a person waits for. */
  post(channel: string, marker: string, yields: boolean): number;
  /** 0: edit; else how many milliseconds to wait until this message has stood for `everyMs`. Slack counts edits apart. */
  edit(marker: string, everyMs: number): number;
  /**
   * Slack asks to wait before it takes another edit, this one among them. All edits line up then, each with its turn, so
   * that not all of them knock again at the same moment. How many milliseconds this one waits.
   */
  editRefused(marker: string, afterMs: number): number;
}

interface Bucket {
  readonly at: number;
  readonly tokens: number;
}

export function makePace(clock: Clock): Pace {
  const buckets = new Map<string, Bucket>();
  const shown = new Map<string, number>();
  const line = makeLine();
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
      const waitMs = line.wait(marker, now);
      if (waitMs === 0) remember(shown, marker, now);
      return waitMs;
    },
    editRefused: (marker, afterMs) => line.refused(marker, { now: clock.now(), afterMs }),
  };
}

interface Line {
  wait(marker: string, now: number): number;
  refused(marker: string, at: { readonly now: number; readonly afterMs: number }): number;
}

/** Who has been given a turn keeps it, so that nobody is overtaken; whoever comes when nobody waits goes at once. */
function makeLine(): Line {
  const turns = new Map<string, number>();
  let next = 0;
  function lineUp(marker: string, now: number): number {
    const turn = next;
    next += EDIT_AGAIN_MS;
    remember(turns, marker, turn);
    return turn - now;
  }
  return {
    wait(marker, now) {
      const turn = turns.get(marker);
      if (turn !== undefined && turn > now) return turn - now;
      if (turns.delete(marker) || next <= now) return 0;
      return lineUp(marker, now);
    },
    refused(marker, { now, afterMs }) {
      next = Math.max(next, now + afterMs);
      return lineUp(marker, now);
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
