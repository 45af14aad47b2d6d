import type { Ledger, Log } from '../../domain/ports.js';
import type { DecideDeps } from '../decide.js';
import { guarded, type DispatchDeps, type Reply } from '../dispatch.js';
import type { Messenger } from '../messenger.js';

export interface AppDeps extends DispatchDeps, Omit<DecideDeps, keyof DispatchDeps> {
  readonly messenger: Messenger;
  readonly ledger: Ledger;
  readonly log: Log;
}

/** Slack repeats what it believes lost for some minutes. */
const SEEN_MS = 10 * 60_000;

/** What Slack delivers twice is done once. */
export async function once(deps: AppDeps, delivery: string, work: () => Promise<Reply>): Promise<Reply> {
  return guarded(deps, async () => ((await deps.ledger.claim(`seen:${delivery}`, SEEN_MS)) ? work() : null));
}
