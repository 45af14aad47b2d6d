import { TargetError } from '../domain/errors.js';
import { nospaceEntries } from '../domain/maintenance/alarms.js';
import { unsafe } from '../domain/maintenance/safety.js';
import type { Snapshot } from '../domain/snapshot.js';
import { operatorOf, whenSafe } from '../domain/maintenance/target.js';
import { leaderOf, readMembers } from '../domain/maintenance/voters.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';
import { percent } from '../domain/units.js';

const DEADLINE_MS = 10_000;
/** Clients that go on writing can add entries while we disarm; more rounds than this mean something else. */
const MOST_ROUNDS = 5;

type Context = StepContext<'disarm'>;

/**
 * Disarms NOSPACE entry by entry, `{member, NOSPACE}` each, never "all": that would take CORRUPT with it. Only when
 * every member has room by physical size; an alarm that stays over a full member comes back with the next write.
 */
const disarm: Step<'disarm'> = {
  title: 'Disarm NOSPACE',
  settlesWithinMs: 10_000,
  precondition,
  act,
  effect,
};

export default disarm;

function precondition(context: Context): Promise<Precondition> {
  return whenSafe(context, (snapshot) => {
    const because = stillFull(context, snapshot);
    if (because !== null) return { go: 'stop', because, next: [NO_ROOM] };
    const armed = nospaceEntries(snapshot);
    if (armed.length === 0) return { go: 'skip', because: 'no NOSPACE alarm is armed' };
    return { go: 'act', evidence: { entries: armed.length } };
  });
}

const NO_ROOM =
  'What fills it is live, or was written since: delete what is not needed, stop the client that writes so much, or raise --quota-backend-bytes (8 GiB at most).';

function stillFull({ act: { belowShare } }: Context, snapshot: Snapshot): string | null {
  const full = readMembers(snapshot).find((member) => (member.share ?? 1) >= belowShare);
  return full ? `${full.label} is still at ${percent(full.share ?? 1)} of its quota` : null;
}

/** What was raised meanwhile is disarmed as well, but never over a member that has run full again. */
async function act(context: Context): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const snapshot = await context.examine(['status', 'members', 'metrics', 'alarms']);
    const armed = nospaceEntries(snapshot);
    const leader = leaderOf(snapshot);
    const refusal = unsafe(snapshot)?.reason ?? stillFull(context, snapshot);
    if (!leader || refusal !== null)
      throw new TargetError('no-leader', context.cluster.name, refusal ?? 'the cluster has no leader');
    if (armed.length === 0) return;
    for (const alarm of armed) await operatorOf(context, leader).disarm(alarm, DEADLINE_MS);
  }
}

async function effect(context: Context): Promise<Effect> {
  const snapshot = await context.examine(['status', 'members', 'alarms']);
  if (!snapshot.facts.alarms?.known) return { seen: 'unclear', because: 'alarms could not be read' };
  const left = nospaceEntries(snapshot).length;
  if (left === 0) return { seen: 'done', result: 'no NOSPACE alarm is left' };
  const because = `${String(left)} NOSPACE alarm(s) still armed`;
  // A disarming that found no majority may still be carried out once there is one again.
  if (readMembers(snapshot).length < context.plan.members.length || !leaderOf(snapshot))
    return { seen: 'unclear', because: `${because}, but the cluster is not whole: it may still happen` };
  return { seen: 'not-done', because };
}
