import { TargetError } from '../domain/errors.js';

/**
 * For what is done again by itself: a card, whose row stands in the outbox since the record was changed; a job, which the
 * sweep queues. Whoever decided is told what became of it, though Redis went away just then.
 */
export async function orLater(work: Promise<unknown> | undefined): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
  }
}
