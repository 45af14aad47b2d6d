import { TargetError, type TargetErrorCode } from '../../domain/errors.js';
import type { Churn } from '../../domain/keys/churn.js';
import type { ChangeBatch, KeyScanner } from '../../domain/keyspace.js';
import type { Clock } from '../../domain/ports.js';
import type { Halt } from './looking.js';
import type { ChurnSettings } from './settings.js';

/** More tells nobody more, and weighs on the member and on us. */
const MOST_CHANGES = 500_000;
const MOST_BYTES = 512 * 1024 ** 2;
const BEAT_MS = 250;
/** On top of the time that is watched: for the connection, and for the beginning. */
const BEGIN_MS = 10_000;

export type WatchEnd =
  | { readonly kind: 'done' }
  | Halt
  | { readonly kind: 'stopped'; readonly reason: string }
  /** It never began. */
  | { readonly kind: 'refused'; readonly reason: string; readonly code: TargetErrorCode | null };

export interface WatchDeps {
  readonly keyspace: KeyScanner;
  readonly clock: Clock;
  readonly progress: { watchedMs: number };
}

/** What one member tells of changes, until the time is up, it is enough, or somebody stops it. */
export async function watch(
  deps: WatchDeps,
  { range, forMs, churn }: ChurnSettings & { readonly churn: Churn },
  beat: () => Promise<Halt | null>,
): Promise<WatchEnd> {
  const { keyspace, clock, progress } = deps;
  const leaving = new AbortController();
  const until = { deadlineMs: forMs + BEGIN_MS, signal: leaving.signal };
  const changes = keyspace.changes(range, until)[Symbol.asyncIterator]();
  const seen = { changes: 0, bytes: 0 };
  let begun: number | null = null;
  const asked = clock.now();
  try {
    let tick = clock.pause(BEAT_MS);
    for (let next = coming(changes); ;) {
      const message = await Promise.race([next, tick]);
      if (message) {
        if (message === 'over') return ended(begun, 'the member ended the watch', null);
        if (message.kind === 'begun') begun ??= clock.now();
        else if (message.kind !== 'changes') return ended(begun, endedBy(message), codeIn(message.reason));
        counted(message, churn, seen);
        next = coming(changes);
      } else tick = clock.pause(BEAT_MS);
      if (begun !== null) progress.watchedMs = Math.min(forMs, clock.now() - begun);
      else if (clock.now() - asked > BEGIN_MS) return ended(begun, 'the member began no watch', null);
      if (begun !== null && progress.watchedMs >= forMs) return { kind: 'done' };
      const full = tooMuch(seen);
      if (full) return { kind: 'stopped', reason: full };
      const halt = await beat();
      if (halt) return halt;
    }
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return ended(begun, error.message, error.code);
  } finally {
    leaving.abort();
  }
}

type Coming = Promise<ChangeBatch | 'over'>;

function coming(changes: AsyncIterator<ChangeBatch>): Coming {
  const next = changes.next().then(({ done, value }) => (done === true ? 'over' : value));
  // Its failure is seen by whoever waits for it; nobody does once the watch is over.
  next.catch(() => {});
  return next;
}

function ended(begun: number | null, reason: string, code: TargetErrorCode | null): WatchEnd {
  return begun === null ? { kind: 'refused', reason, code } : { kind: 'stopped', reason };
}

function endedBy({ kind, reason }: ChangeBatch): string {
  if (kind === 'compacted') return 'a compaction overtook the watch: this member is slow';
  return reason === '' ? 'the member ended the watch' : `the member ended the watch: ${reason}`;
}

/** A watch that is not allowed is ended with a sentence, and with no code. */
function codeIn(reason: string): TargetErrorCode | null {
  return /permission denied/.test(reason) ? 'denied' : null;
}

function counted(message: ChangeBatch, churn: Churn, seen: { changes: number; bytes: number }): void {
  seen.bytes += message.bytes;
  message.each((change) => {
    seen.changes++;
    churn.add(change);
  });
}

function tooMuch({ changes, bytes }: { changes: number; bytes: number }): string | null {
  if (changes >= MOST_CHANGES) return `${String(MOST_CHANGES)} changes were enough`;
  return bytes >= MOST_BYTES ? 'so much was written that I stopped' : null;
}
