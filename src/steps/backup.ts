import { operatorOf, whenSafe } from '../domain/maintenance/target.js';
import { leaderOf, readMembers, type ReadMember } from '../domain/maintenance/voters.js';
import type { Evidence } from '../domain/operation.js';
import type { Snapshot } from '../domain/snapshot.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';
import { bytes } from '../domain/units.js';

const DEADLINE_MS = 60 * 60_000;
/** Room for the backup and for what is written while it is taken. */
const FREE_SPACE_FACTOR = 1.2;

type Context = StepContext<'backup'>;

/** A backup streamed from a follower, its checksum verified, before anything else is touched. */
const backup: Step<'backup'> = {
  title: 'Back up',
  settlesWithinMs: 0,
  precondition,
  act,
  effect,
};

export default backup;

function precondition(context: Context): Promise<Precondition> {
  return whenSafe(context, async (snapshot) => {
    const source = sourceOf(snapshot);
    if (!source) return { go: 'stop', because: 'no member to back up from' };
    const needed = source.status.value.sizeBytes * FREE_SPACE_FACTOR;
    const free = await context.backups.freeBytes(context.act.directory);
    if (free < needed) {
      const because = `${context.act.directory} has ${bytes(free)} free, and the backup needs ${bytes(needed)}`;
      return {
        go: 'stop',
        because,
        next: ['Make room there, or point `backup.directory` elsewhere, and propose again.'],
      };
    }
    const name = `${prefixOf(context)}${new Date(context.clock.now()).toISOString().replace(/[:.]/g, '-')}.db`;
    return { go: 'act', evidence: { member: source.id, name } };
  });
}

/** A follower, so that the leader keeps its disk for itself. */
function sourceOf(snapshot: Snapshot): ReadMember | undefined {
  return readMembers(snapshot).find((member) => member.role === 'follower') ?? leaderOf(snapshot);
}

/** A sign that no name can contain: `prod@` is no prefix of the backups of `prod-2`. */
function prefixOf(context: Context): string {
  return `${context.cluster.name}@`;
}

async function act(context: Context, evidence: Evidence): Promise<void> {
  const { directory, keep } = context.act;
  const snapshot = await context.examine(['status', 'members']);
  const source =
    readMembers(snapshot).find((member) => member.id === evidence['member']) ?? sourceOf(snapshot);
  if (!source) throw new Error('the member vanished between precondition and act');
  const total = source.status.value.sizeBytes;
  const content = operatorOf(context, source).snapshot(DEADLINE_MS);
  await context.backups.save({ directory, name: String(evidence['name']) }, content, (done) => {
    void context.progress(`${bytes(done)} of about ${bytes(total)}`);
  });
  await context.backups.prune(directory, prefixOf(context), keep);
}

async function effect(context: Context, evidence: Evidence): Promise<Effect> {
  const saved = await context.backups.find(context.act.directory, String(evidence['name']));
  if (!saved) return { seen: 'not-done', because: 'the backup file is not there' };
  return { seen: 'done', result: `${saved.path}, ${bytes(saved.bytes)}, checksum verified` };
}
