import type { StepContext } from '../domain/step.js';
import { BEAT_TTL_MS, mine, TakenOver, type Run } from './executor.js';

/**
 * What an act is handed. It reads the target once more before it sends anything, and a process can fall asleep there too:
 * so after each of its readings the record is asked for, and what would be sent later than a sign of life holds is not
 * sent at all. Others have ended the operation by then, and may be at work on the cluster.
 */
export function awake(run: Run, context: StepContext): StepContext {
  const { clock } = run.deps;
  let seenAt = clock.now();
  return {
    ...context,
    examine: async (names) => {
      const snapshot = await context.examine(names);
      await mine(run);
      seenAt = clock.now();
      return snapshot;
    },
    operator: () => {
      if (clock.now() - seenAt > BEAT_TTL_MS) throw new TakenOver('it slept just before its act');
      return context.operator();
    },
  };
}
