import { valueOf } from '../fact.js';
import type { Plan } from '../plan.js';
import type { Snapshot } from '../snapshot.js';
import type { HangCause, HangingPod } from './facts.js';
import type { ObjectRef } from './records.js';
import { podCount } from './still-hanging.js';

/** Every pod that the plan may restart. */
export function podsIn({ steps }: Plan): readonly ObjectRef[] {
  return steps.flatMap((step) => (step.kind === 'restart-pods' ? step.pods : []));
}

/** Pods that hang for the cause of the plan, and that it does not name: nobody has approved to touch them. */
export function strangersTo(plan: Plan, snapshot: Snapshot): readonly HangingPod[] {
  const ours = new Set(podsIn(plan).map(({ uid }) => uid));
  const causes = new Set<HangCause>(
    plan.steps.flatMap((step) => (step.kind === 'restart-pods' ? [step.cause] : [])),
  );
  const hanging = valueOf(snapshot.facts.pods)?.hanging ?? [];
  return hanging.filter(
    ({ uid, cause, createdAt }) => causes.has(cause) && !ours.has(uid) && createdAt > plan.factsAt,
  );
}

/** What has become of the pods since the plan was made; none of it makes the plan unfit. */
export function podsMoved(plan: Plan, snapshot: Snapshot): readonly string[] {
  const pods = podsIn(plan);
  const fact = valueOf(snapshot.facts.pods);
  if (pods.length === 0 || !fact?.withEvents) return [];
  const hanging = new Set(fact.hanging.map(({ uid }) => uid));
  const over = pods.filter(({ uid }) => !hanging.has(uid)).length;
  const came = strangersTo(plan, snapshot).length;
  return [
    ...(over > 0 ? [`${String(over)} of the ${podCount(pods.length)} of the plan hang no more`] : []),
    ...(came > 0
      ? [`${podCount(came)} began to hang since, and ${came === 1 ? 'is' : 'are'} left alone`]
      : []),
  ];
}
