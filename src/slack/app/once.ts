import type { Ledger, Log } from '../../domain/ports.js';
import type { Reply } from '../asking.js';
import type { DecideDeps } from '../decide.js';
import type { DispatchDeps } from '../dispatch.js';
import { guarded } from '../guarded.js';
import type { HomeDeps } from '../home.js';
import type { IncidentClickDeps } from '../incident.js';
import type { LookDeps } from '../look.js';
import type { Messenger } from '../messenger.js';

export interface AppDeps extends DispatchDeps, Omit<DecideDeps, keyof DispatchDeps> {
  readonly messenger: Messenger;
  readonly alerts: HomeDeps['alerts'] & IncidentClickDeps['alerts'];
  readonly looks: LookDeps['looks'];
  readonly mutes: IncidentClickDeps['mutes'];
  readonly ledger: Ledger;
  readonly log: Log;
}

/** Slack repeats what it believes lost for some minutes. */
const SEEN_MS = 10 * 60_000;

/** What Slack delivers twice is done once; `seen`: this is the second time, and the first one answers. */
export async function once(
  deps: AppDeps,
  delivery: string,
  work: () => Promise<Reply>,
): Promise<Reply | 'seen'> {
  return guarded<Reply | 'seen'>(deps, async () =>
    (await deps.ledger.claim(`seen:${delivery}`, SEEN_MS)) ? work() : 'seen',
  );
}
