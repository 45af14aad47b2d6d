import { TargetError } from '../../domain/errors.js';
import type { PodChange } from '../../domain/kubernetes/ports.js';
import type { Client } from './client.js';
import { makeDeadline, rest, type Deadline } from './deadline.js';
import { Refused, targetError } from './errors.js';
import { applyEvent, relist, type KnownPods, type PodListing } from './known-pods.js';
import { TO_WATCH_PODS } from './resources.js';
import { watchEvents } from './watch-events.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

export interface WatchTime {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Pods from now on. A list says where the watch begins; each event and bookmark moves that place on, so that a watch
 * that ends, cleanly or not, is taken up where it was. Where the API server has forgotten the place (410), the list is
 * read again, and what differs from what was known is told. Fails only where waiting can't help, and at first contact.
 */
export async function* watchPods(
  client: Client,
  listing: PodListing,
  { deadlineMs, signal }: WatchTime,
): AsyncGenerator<PodChange> {
  const deadline = makeDeadline(deadlineMs, signal);
  const known: KnownPods = new Map();
  const begun = await relist(client, { listing, known, deadline }).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
    return null;
  });
  let place = begun?.place ?? '';
  let pause = FIRST_PAUSE_MS;
  while (!isOver(deadline)) {
    try {
      if (place === '') {
        const again = await relist(client, { listing, known, deadline });
        yield* again.changes;
        place = again.place;
      }
      for await (const event of watchEvents(client, listing, { place, deadline })) {
        pause = FIRST_PAUSE_MS;
        place = event.place ?? place;
        const change = applyEvent(event, listing, known);
        if (change) yield change;
      }
    } catch (error) {
      if (isOver(deadline)) return;
      if (error instanceof Refused && error.status === 410) place = '';
      else throwUnlessPassing(error, client.target, deadline);
    }
    await rest(pause, deadline);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

function isOver({ signal }: Deadline): boolean {
  return signal.aborted;
}

/** A broken connection, a server that restarts or has too much to do: the place is kept, and it is tried again. */
function throwUnlessPassing(error: unknown, target: string, deadline: Deadline): void {
  const failure = targetError(error, { target, right: TO_WATCH_PODS, deadline, act: false });
  if (!(failure instanceof TargetError) || !failure.retryable) throw failure;
}
