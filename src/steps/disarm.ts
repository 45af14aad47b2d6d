import { TargetError } from '../domain/errors.js';
import { valueOf } from '../domain/fact.js';
import { operatorOf, whenSafe } from '../domain/maintenance/target.js';
import { leaderOf, readMembers } from '../domain/maintenance/voters.js';
import type { Alarm, Snapshot } from '../domain/snapshot.js';
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
    const full = readMembers(snapshot).find((member) => (member.share ?? 1) >= context.act.belowShare);
    if (full) {
      const next = [
        'Live data fills the quota: delete what is not needed, or raise --quota-backend-bytes (8 GiB at most).',
      ];
      return {
        go: 'stop',
        because: `${full.label} is still at ${percent(full.share ?? 1)} of its quota`,
        next,
      };
    }
    const armed = entriesOf(snapshot);
    if (armed.length === 0) return { go: 'skip', because: 'no NOSPACE alarm is armed' };
    return { go: 'act', evidence: { entries: armed.length } };
  });
}

/** Entries of members that are gone are disarmed as well: they too refuse every write. */
function entriesOf(snapshot: Snapshot): readonly Alarm[] {
  return (valueOf(snapshot.facts.alarms)?.alarms ?? []).filter((alarm) => alarm.kind === 'NOSPACE');
}

async function act(context: Context): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const snapshot = await context.examine(['status', 'alarms']);
    const armed = entriesOf(snapshot);
    const leader = leaderOf(snapshot);
    if (!leader)
      throw new TargetError('no-leader', context.cluster.name, 'the cluster lost its leader while disarming');
    if (armed.length === 0) return;
    for (const alarm of armed) await operatorOf(context, leader).disarm(alarm, DEADLINE_MS);
  }
}

async function effect(context: Context): Promise<Effect> {
  const snapshot = await context.examine(['status', 'members', 'alarms']);
  if (!snapshot.facts.alarms?.known) return { seen: 'unclear', because: 'alarms could not be read' };
  const left = entriesOf(snapshot).length;
  if (left === 0) return { seen: 'done', result: 'no NOSPACE alarm is left' };
  return { seen: 'not-done', because: `${String(left)} NOSPACE alarm(s) still armed` };
}
