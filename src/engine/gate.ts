import { membersOf } from '../domain/members.js';
import type { PlannedGate } from '../domain/plan.js';
import { percent } from '../domain/units.js';
import { collect } from './collect.js';
import { advance, defragmentedBy, patiently, withStep, type Run } from './executor.js';
import { failStep } from './fail-step.js';

/** The condition between two steps: true where it holds, else it has ended here. */
export async function passGate(run: Run, index: number, gate: PlannedGate): Promise<boolean> {
  const operation = await advance(run, (current, now) =>
    withStep(current, index, { state: 'begun', begunAt: now }),
  );
  const last = defragmentedBy(operation).at(-1);
  const facts = ['status', 'members', 'metrics'] as const;
  const snapshot = await patiently(run.deps, () => collect(run.deps, run.cluster, facts));
  const member = membersOf(snapshot).find((candidate) => candidate.id === last);
  const share = member?.share ?? null;
  if (member && share !== null && share < gate.share) {
    const result = `${member.label} is at ${percent(share)} of its quota`;
    await advance(run, (current, now) => withStep(current, index, { state: 'done', endedAt: now, result }));
    return true;
  }
  if (share === null) return failStep(run, index, { because: 'its size could not be read', next: [] });
  const because = `${member?.label ?? '?'} is still at ${percent(share)} of its quota: what fills it is live, or was written since the compaction`;
  const next = [
    'Delete what is not needed; `etcdctl get / --prefix --keys-only` shows what fills it.',
    'Or stop the client that writes so much, then propose it again.',
    'Or raise --quota-backend-bytes on every member (8 GiB at most), restart them one by one, then propose it again.',
  ];
  return failStep(run, index, { because, next });
}
