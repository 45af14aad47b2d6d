import { isTerminal, type Operation } from '../../../src/domain/operation.js';
import type { PlannedStep } from '../../../src/domain/plan.js';
import { ACTS } from './scene.js';

/** What was there when the process had died. */
export interface Death {
  readonly operation: Operation;
  readonly calls: readonly string[];
}

/** What became of it. */
export interface Aftermath {
  readonly operation: Operation;
  readonly calls: readonly string[];
  /** At every look until the end the operation held the cluster, and another one could not begin. */
  readonly heldUntilTheEnd: boolean;
  readonly freeAfterwards: boolean;
  /** After more jobs for it, and after its approved record was written back. */
  readonly callsLater: readonly string[];
  /** The version of the card that is still to be shown, or was last. */
  readonly cardVersion: number;
}

type Rule = (death: Death, aftermath: Aftermath) => boolean;

const RULES: Readonly<Record<string, Rule>> = {
  'it has ended': (_, { operation }) => isTerminal(operation),
  'each act reached the cluster at most once': (_, { calls }) => isOnce(calls),
  'with its token left it ran once, to its end': (death, { operation, calls }) =>
    !hasToken(death) || (operation.state === 'succeeded' && equal(calls, ACTS)),
  'without a token nothing more was begun': (death, { calls }) =>
    hasToken(death) || equal(calls, death.calls),
  'its end did not change any more': (death, { operation }) =>
    !isTerminal(death.operation) || operation.version === death.operation.version,
  'whoever took it over has a higher fence': (death, { operation }) =>
    !['approved', 'running'].includes(death.operation.state) || operation.fence > death.operation.fence,
  'the cluster was held until the end': (_, { heldUntilTheEnd }) => heldUntilTheEnd,
  'the cluster was free afterwards': (_, { freeAfterwards }) => freeAfterwards,
  'steps are marked done where they have happened, and nowhere else': (_, { operation, calls }) =>
    operation.steps.every(({ step, state }) => isTrue(step, state === 'done', calls)),
  'a success has every step done': (_, { operation }) =>
    operation.state !== 'succeeded' || operation.steps.every(({ state }) => state === 'done'),
  'the card says what was not begun': (_, { operation }) => namesTheRest(operation),
  'nothing started it again': (_, { callsLater }) => isOnce(callsLater),
  'the newest card is to be shown': (_, { operation, cardVersion }) => cardVersion === operation.version,
};

/** The sentences that do not hold. */
export function broken(death: Death, aftermath: Aftermath): readonly string[] {
  return Object.entries(RULES).flatMap(([sentence, holds]) => (holds(death, aftermath) ? [] : [sentence]));
}

/** Nobody has consumed it: another process may start, or go on. */
function hasToken({ operation }: Death): boolean {
  return operation.token !== undefined;
}

function isOnce(calls: readonly string[]): boolean {
  return new Set(calls).size === calls.length;
}

function equal(one: readonly string[], other: readonly string[]): boolean {
  return one.join() === other.join();
}

/**
 * What reading can't prove afterwards is not called done, though the cluster was asked for it: a write probe leaves nothing
 * behind, and a backup counts once its file has its name.
 */
function isTrue(step: PlannedStep, done: boolean, calls: readonly string[]): boolean {
  if (step.kind === 'gate') return true;
  const happened = actsOf(step).every((act) => calls.includes(act));
  return happened === done || (['write-probe', 'backup'].includes(step.kind) && !done);
}

function actsOf(step: PlannedStep): readonly string[] {
  if (step.kind === 'restart-pods') return step.pods.map(({ name }) => `evict ${name}`);
  return [step.kind === 'defragment' ? `defragment ${/m\d/.exec(step.label)?.[0] ?? ''}` : step.kind];
}

function namesTheRest({ state, steps, conclusion }: Operation): boolean {
  const left = steps.flatMap(({ step, state: was }) => (was === 'planned' ? [step.label] : []));
  const said = [conclusion?.summary, ...(conclusion?.next ?? [])].join(' ');
  return state === 'succeeded' ? left.length === 0 : left.every((label) => said.includes(label));
}
