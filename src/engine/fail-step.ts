import { bare } from '../domain/sentence.js';
import { conclude } from './conclude.js';
import { advance, note, withStep, type Run } from './executor.js';

interface Failure {
  readonly because: string;
  readonly next: readonly string[];
}

/** The first failure stops the rest. */
export async function failStep(run: Run, index: number, failure: Failure): Promise<false> {
  const operation = await advance(run, (current, now) => {
    const record = current.steps[index];
    return withStep(current, index, {
      state: 'failed',
      begunAt: record?.begunAt ?? now,
      endedAt: now,
      result: failure.because,
    });
  });
  const label = operation.steps[index]?.step.label ?? '';
  await note(run, operation, { event: 'step.failed', detail: { step: label, because: failure.because } });
  const left = operation.steps.filter((record) => record.state === 'planned').length;
  const after = left === 1 ? 'The step after it was' : `The ${String(left)} steps after it were`;
  const stopped = left > 0 ? ` ${after} not begun.` : '';
  const next =
    failure.next.length > 0
      ? failure.next
      : ['`/etcd diagnose` shows the state now; propose it again once the cause is gone.'];
  await conclude(run, 'failed', {
    summary: `Stopped at “${label}”: ${bare(failure.because)}.${stopped}`,
    next,
  });
  return false;
}
