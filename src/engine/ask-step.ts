import { TargetError } from '../domain/errors.js';
import type { Evidence } from '../domain/operation.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';

/** What a step says before its act. A target that can't be read now is a reason to stop, with its own words. */
export async function preconditionOf(step: Step, context: StepContext): Promise<Precondition> {
  try {
    return await step.precondition(context);
  } catch (error) {
    return { go: 'stop', because: wordsOf(error) };
  }
}

export interface Begun {
  readonly evidence: Evidence;
  /** This process saw the act end well. */
  readonly answered: boolean;
}

/** What reading the target says of an act. Where it can't be read nobody can tell, which is an answer too. */
export async function effectOf(
  step: Step,
  context: StepContext,
  { evidence, answered }: Begun,
): Promise<Effect> {
  try {
    return await step.effect(context, evidence, answered);
  } catch (error) {
    return { seen: 'unclear', because: wordsOf(error) };
  }
}

/** A target's failure in its words; everything else is a bug, and stays one. */
function wordsOf(error: unknown): string {
  if (error instanceof TargetError) return error.message;
  throw error;
}
