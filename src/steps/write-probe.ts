import { leaderOf } from '../domain/maintenance/voters.js';
import { operatorOf } from '../domain/maintenance/target.js';
import type { Evidence } from '../domain/operation.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';
import { TargetError } from '../domain/errors.js';

const DEADLINE_MS = 5000;

type Context = StepContext<'write-probe'>;

/** One tiny key under /etcd-steward/: put, read back, removed. The only proof that the cluster takes writes again. */
const writeProbe: Step<'write-probe'> = {
  title: 'Prove a write',
  settlesWithinMs: 0,
  precondition: (): Promise<Precondition> => Promise.resolve({ go: 'act', evidence: {} }),
  act: probe,
  effect,
};

export default writeProbe;

async function probe(context: Context): Promise<void> {
  const leader = leaderOf(await context.examine(['status']));
  if (!leader) throw new TargetError('no-leader', context.cluster.name, 'the cluster has no leader');
  await operatorOf(context, leader).writeProbe(DEADLINE_MS);
}

/** The act itself is the proof: it leaves nothing behind that could be read afterwards. */
function effect(_context: Context, _evidence: Evidence, answered: boolean): Promise<Effect> {
  return Promise.resolve(
    answered
      ? { seen: 'done', result: 'a write went through and was read back' }
      : { seen: 'not-done', because: 'no write was seen to go through' },
  );
}
