import { TargetError } from '../domain/errors.js';
import { operatorOf, whenSafe } from '../domain/maintenance/target.js';
import { backupSource, readMembers } from '../domain/maintenance/voters.js';
import type { Evidence } from '../domain/operation.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';
import { bytes } from '../domain/units.js';

const DEADLINE_MS = 60 * 60_000;
/** Room for the backup and for what is written while it is taken. */
const FREE_SPACE_FACTOR = 1.2;
const ID_LETTERS = 8;

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
    const saved = await context.backups.find(context.act.directory, nameOf(context));
    if (saved) return { go: 'skip', because: `it was taken already: ${saved.path}, ${bytes(saved.bytes)}` };
    const source = backupSource(snapshot);
    if (!source) return { go: 'stop', because: 'no member to back up from' };
    const tight = await noRoom(context, source.status.value.sizeBytes * FREE_SPACE_FACTOR);
    return tight ?? { go: 'act', evidence: { member: source.id, name: nameOf(context) } };
  });
}

async function noRoom({ act, backups }: Context, needed: number): Promise<Precondition | null> {
  const free = await backups.freeBytes(act.directory);
  if (free >= needed) return null;
  return {
    go: 'stop',
    because: `${act.directory} has ${bytes(free)} free, and the backup needs ${bytes(needed)}`,
    next: ['Make room there, or point `backup.directory` elsewhere, and propose again.'],
  };
}

/** The operation's own: whoever begins it once more finds what was taken the first time. */
function nameOf(context: Context): string {
  const proposed = new Date(context.createdAt).toISOString().replace(/[:.]/g, '-');
  return `${prefixOf(context)}${proposed}-${context.operationId.slice(0, ID_LETTERS)}.db`;
}

/** A sign that no name can contain: `prod@` is no prefix of the backups of `prod-2`. */
function prefixOf(context: Context): string {
  return `${context.cluster.name}@`;
}

async function act(context: Context, evidence: Evidence): Promise<void> {
  const { directory, keep } = context.act;
  const snapshot = await context.examine(['status', 'members']);
  const source =
    readMembers(snapshot).find((member) => member.id === evidence['member']) ?? backupSource(snapshot);
  if (!source)
    throw new TargetError('unreachable', context.cluster.name, 'no member answers any more to back up from');
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
