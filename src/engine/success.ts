import { podNames, podCount } from '../domain/kubernetes/still-hanging.js';
import { strangersTo } from '../domain/kubernetes/pods-moved.js';
import type { Conclusion, Operation, StepRecord } from '../domain/operation.js';
import type { Plan } from '../domain/plan.js';
import { bare } from '../domain/sentence.js';
import type { FactName, Snapshot } from '../domain/snapshot.js';

type Success = Pick<Conclusion, 'summary' | 'next'>;

/** What is read of pods where a plan restarts some; else nothing. */
export function podFacts({ steps }: Plan): readonly FactName[] {
  return steps.some(({ kind }) => kind === 'restart-pods') ? ['pods'] : [];
}

/** `now`: how the pods stand in the end; null: the plan was about none. */
export function successOf(operation: Operation, now: Snapshot | null): Success {
  const proof = proofOf(operation);
  if (!now) return { summary: proof, next: [] };
  const pods = podsSentence(operation.steps);
  const left = sumOf(operation.steps, 'left');
  const after = afterwards(operation.plan, now);
  return {
    summary: [`${bare(proof)}; ${pods}`, ...after].join(' '),
    next: left === 0 ? [] : [`Look at those that were left: \`/etcd pods ${operation.plan.cluster}\`.`],
  };
}

/** What the last proof was: a write, or the acts' own. */
function proofOf({ plan, steps }: Operation): string {
  const probed = steps.some(({ step, state }) => step.kind === 'write-probe' && state === 'done');
  if (!probed) return 'Every step is done and proven.';
  return plan.runbook === 'fix'
    ? 'Writes go through again.'
    : 'Every step is done and proven; writes go through.';
}

/** `12 of 12 pods run with an address (9 by themselves, 3 restarted).` */
function podsSentence(steps: readonly StepRecord[]): string {
  const [runs, restarted] = [sumOf(steps, 'runs'), sumOf(steps, 'restarted')];
  const [gone, left] = [sumOf(steps, 'gone'), sumOf(steps, 'left')];
  const all = runs + restarted + gone + left;
  const how = [
    ...(runs > 0 ? [`${String(runs)} by ${runs === 1 ? 'itself' : 'themselves'}`] : []),
    ...(restarted > 0 ? [`${String(restarted)} restarted`] : []),
  ];
  const run = `${String(runs + restarted)} of ${podCount(all)} ${runs + restarted === 1 ? 'runs' : 'run'} with an address`;
  const rest = [
    ...(gone > 0 ? [`${podCount(gone)} ${gone === 1 ? 'is' : 'are'} gone`] : []),
    ...(left > 0 ? [`left alone: ${leftWhy(steps)}`] : []),
  ];
  return `${[how.length === 0 ? run : `${run} (${how.join(', ')})`, ...rest].join('; ')}.`;
}

function sumOf(steps: readonly StepRecord[], name: string): number {
  return steps.reduce((sum, { outcome }) => sum + Number(outcome?.[name] ?? 0), 0);
}

function leftWhy(steps: readonly StepRecord[]): string {
  return steps
    .flatMap(({ outcome }) => (outcome?.['leftWhy'] ? [String(outcome['leftWhy'])] : []))
    .join('; ');
}

/** Pods that began to hang after the plan are nobody's to touch, and are not kept quiet about. */
function afterwards(plan: Plan, { facts, ...rest }: Snapshot): readonly string[] {
  const { pods } = facts;
  if (!pods?.known)
    return [`Whether others hang now could not be read (${bare(pods?.reason ?? 'not read')}).`];
  const came = strangersTo(plan, { facts, ...rest });
  if (came.length === 0) return [];
  const were = came.length === 1 ? 'was' : 'were';
  return [
    `${podCount(came.length)} began to hang after the plan and ${were} not touched: ${podNames(came)}.`,
  ];
}
