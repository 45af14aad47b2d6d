import type { StepRecord } from '../domain/operation.js';
import { bare } from '../domain/sentence.js';
import type { Precondition } from '../domain/step.js';
import { duration } from '../domain/units.js';
import { advance, patiently, withStep, type Run } from './executor.js';
import { failStep } from './fail-step.js';

const LOOK_EVERY_MS = 2000;
/** So long somebody else's defragmentation, an election or a member that catches up is waited for. */
const PATIENCE_MS = 10 * 60_000;

/** By the clock of Redis: it may have waited in another process, which has another one. */
export async function waitedBy(run: Run, { waitsSince }: StepRecord): Promise<number> {
  if (waitsSince === undefined) return 0;
  return (await patiently(run.deps, () => run.deps.operations.now())) - waitsSince;
}

/**
 * It passes by itself, so the step stays planned and is asked again: cancel, pause and the end of this process are looked
 * at in between, as between any two steps. Not for ever.
 */
export async function waitFor(
  run: Run,
  index: number,
  { because, next = [] }: Extract<Precondition, { go: 'wait' }>,
): Promise<boolean> {
  const { clock, operations } = run.deps;
  const [before, now] = await patiently(run.deps, () =>
    Promise.all([operations.load(run.id), operations.now()]),
  );
  const record = before?.steps[index];
  const since = record?.waitsSince ?? now;
  if (now - since > PATIENCE_MS) {
    const waited = `${bare(because)}; waited ${duration(PATIENCE_MS)}`;
    return failStep(run, index, { because: waited, next });
  }
  const result = `waits: ${bare(because)}`;
  if (record?.result !== result)
    await advance(run, (current) => withStep(current, index, { waitsSince: since, result }));
  await clock.pause(LOOK_EVERY_MS);
  return true;
}
