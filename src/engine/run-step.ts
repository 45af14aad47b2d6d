import { TargetError } from '../domain/errors.js';
import type { Evidence, Operation, StepRecord } from '../domain/operation.js';
import type { PlannedStep } from '../domain/plan.js';
import { bare } from '../domain/sentence.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';
import { duration } from '../domain/units.js';
import { effectOf, preconditionOf } from './ask-step.js';
import { awake } from './awake.js';
import { entryOf } from './catalogue.js';
import { failStep } from './fail-step.js';
import { passGate } from './gate.js';
import { advance, contextOf, mine, note, patiently, withStep, type Run } from './executor.js';
import { waitedBy, waitFor } from './wait-for.js';

const LOOK_EVERY_MS = 100;
/** After a while nobody gains by looking ten times a second. */
const LOOK_SELDOM_MS = 2000;
const SAY_EVERY_MS = 3000;
/** Where the answer was lost and nothing shows after this, the sweep reads on. */
const LOST_ANSWER_PATIENCE_MS = 60_000;

/** True: go on. False: it has ended here, with the reason and the cluster's state on the card. */
export async function runStep(run: Run, operation: Operation, index: number): Promise<boolean> {
  const record = operation.steps[index];
  if (!record) throw new Error(`no step ${String(index)}`);
  if (record.step.kind === 'gate') return passGate(run, index, record.step);
  const step = entryOf(run.deps.steps, record.step.kind);
  const context = { ...contextOf(run, operation, index), waitedMs: await waitedBy(run, record) };
  const precondition = await preconditionOf(step, context);
  if (precondition.go === 'stop')
    return failStep(run, index, { because: precondition.because, next: precondition.next ?? [] });
  if (precondition.go === 'wait') return waitFor(run, index, precondition);
  if (precondition.go === 'skip') return skip(run, index, precondition);
  const { evidence } = precondition;
  const begun = await advance(run, (current, now) =>
    withStep(current, index, { state: 'begun', begunAt: now, evidence, result: undefined }),
  );
  await note(run, begun, { event: 'step.begun', detail: { step: record.step.label, before: evidence } });
  if (!(await patiently(run.deps, () => run.deps.operations.replicated()))) {
    return failStep(run, index, {
      because: 'no Redis replica acknowledged the journal, so it was not begun',
      next: [],
    });
  }
  // Whoever took it over meanwhile has read that nothing was done, and let the cluster go.
  await mine(run);
  return actAndVerify(run, index, { step, context, evidence });
}

async function skip(
  run: Run,
  index: number,
  { because, outcome }: Extract<Precondition, { go: 'skip' }>,
): Promise<true> {
  const operation = await advance(run, (current, now) =>
    withStep(current, index, { state: 'skipped', endedAt: now, result: because, outcome }),
  );
  await note(run, operation, { event: 'step.skipped', detail: { step: labelAt(operation, index), because } });
  return true;
}

function labelAt({ steps }: Operation, index: number): string {
  return steps[index]?.step.label ?? '';
}

interface Act {
  readonly step: Step;
  readonly context: StepContext;
  readonly evidence: Evidence;
}

async function actAndVerify(run: Run, index: number, act: Act): Promise<boolean> {
  const begun = run.deps.clock.now();
  const teller = tellProgress(run, act.context, begun);
  const refused = await act.step
    .act(awake(run, act.context), act.evidence)
    .then(() => null, targetErrorOf)
    .finally(() => teller.stop());
  const effect = await settledEffect(run, act, refused);
  if (effect.seen === 'done') {
    const done = await advance(run, (current, now) => withStep(current, index, endOf(effect, now)));
    const detail = { step: labelAt(done, index), after: effect.result };
    await note(run, done, { event: 'step.done', detail });
    await settle(run, index, act);
    return true;
  }
  const because = refused ? `${bare(refused.message)} (${bare(effect.because)})` : effect.because;
  if (effect.seen === 'not-done') return failStep(run, index, { because, next: [] });
  await unclear(run, index, because);
  return false;
}

function endOf({ result, outcome }: Extract<Effect, { seen: 'done' }>, now: number): Partial<StepRecord> {
  return { state: 'done', endedAt: now, result, outcome };
}

function targetErrorOf(error: unknown): TargetError {
  if (error instanceof TargetError) return error;
  throw error;
}

/**
 * Reads until the effect shows. A refused or lost answer proves nothing: etcd goes on when its client gives up, so the
 * target is read all the same. An act that answered well may need a moment until every member shows it.
 */
async function settledEffect(run: Run, act: Act, refused: TargetError | null): Promise<Effect> {
  const { clock } = run.deps;
  const begun = clock.now();
  const patienceMs = patienceOf(act, refused);
  const known = { evidence: act.evidence, answered: refused === null };
  for (;;) {
    const effect = await effectOf(act.step, act.context, known);
    const settled =
      effect.seen === 'done' || (effect.seen === 'not-done' && refused !== null && !mayBeUnderWay(refused));
    const elapsed = clock.now() - begun;
    if (settled || elapsed >= patienceMs) return effect;
    await clock.pause(elapsed > 10 * LOOK_SELDOM_MS ? LOOK_SELDOM_MS : LOOK_EVERY_MS);
  }
}

function patienceOf(act: Act, refused: TargetError | null): number {
  if (refused === null) return act.step.settlesWithinMs;
  return mayBeUnderWay(refused) ? Math.min(act.step.settlesWithinMs, LOST_ANSWER_PATIENCE_MS) : 0;
}

/** A lost answer proves nothing; a refusal, or a connection that never was, says that the server is not at work. */
function mayBeUnderWay(error: TargetError): boolean {
  return ['timeout', 'unavailable', 'failed'].includes(error.code);
}

/** A long act says how far it is: elapsed time beside what was expected. */
function tellProgress(run: Run, context: StepContext, begun: number): { stop(): Promise<void> } {
  const { act, plan } = context;
  if (act.kind === 'backup') return { stop: () => Promise.resolve() };
  const expected =
    act.kind === 'defragment'
      ? plan.expected.pauses.find((pause) => pause.memberId === act.memberId)
      : undefined;
  let last = Promise.resolve();
  const timer = setInterval(() => {
    const elapsed = duration(run.deps.clock.now() - begun);
    last = context.progress(expected ? `${elapsed}, expected about ${duration(expected.pauseMs)}` : elapsed);
  }, SAY_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await last;
    },
  };
}

/** The least pause between members, on top of waiting until the member has caught up. */
async function settle(run: Run, index: number, { context }: Act): Promise<void> {
  const follows = context.plan.steps.slice(index + 1).some((step) => strains(step.kind));
  if (strains(context.act.kind) && follows) await run.deps.clock.pause(run.cluster.settleMs);
}

/** What a member, and its clients with it, have to recover from; after the last of them writes are only waited for. */
function strains(kind: PlannedStep['kind']): boolean {
  return kind === 'defragment' || kind === 'move-leader';
}

/** An act began and its end was not seen: the lock stays, and the sweep reads the target until it knows. */
async function unclear(run: Run, index: number, because: string): Promise<void> {
  const operation = await advance(run, (current) => ({
    ...withStep(current, index, { state: 'unclear', result: because }),
    state: 'unknown',
  }));
  await note(run, operation, { event: 'step.unclear', detail: { step: labelAt(operation, index), because } });
}
