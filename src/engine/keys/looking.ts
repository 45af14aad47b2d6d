import type { AnswerBody, Question } from '../../domain/answer.js';
import { TargetError } from '../../domain/errors.js';
import type { Looks } from '../../domain/keys/report.js';
import type { Clock } from '../../domain/ports.js';
import { reply, type ReplyDeps } from '../answer.js';

export interface LookingDeps extends ReplyDeps {
  readonly looks: Looks;
  /** This process is about to end. */
  stopping(): boolean;
}

/** Why a look ends before its end. */
export type Halt = { readonly kind: 'cancelled'; readonly by: string } | { readonly kind: 'handed-over' };

/** How a long look tells of itself, and learns that it is to stop. */
export interface Looking {
  /** Looked at by whoever reads, between any two reads; cheap. `tell`: what to show meanwhile. */
  beat(tell: () => AnswerBody): Promise<Halt | null>;
  /** What stays; tried until Redis takes it. */
  conclude(body: AnswerBody): Promise<void>;
}

const LOOK_EVERY_MS = 500;
/** One message is edited, and Slack wants no more of that. */
const TELL_EVERY_MS = 2000;
/** Longer than the longest read: who does not come back for so long is gone. */
export const TURN_MS = 60_000;
/** The next process begins it anew. */
export const HANDED_OVER_MS = 1000;
const CONCLUDE_TRIES = 60;

export async function makeLooking(deps: LookingDeps, question: Question): Promise<Looking> {
  const { clock, looks, answers } = deps;
  const told = await answers.load(question.id);
  let version = Math.max(question.version, (told?.question.version ?? 0) + 1);
  let lookedAt = clock.now();
  let toldAt = 0;

  async function tell(body: AnswerBody): Promise<void> {
    toldAt = clock.now();
    await reply(deps, { ...question, version }, body);
    version++;
  }

  return {
    async beat(body) {
      if (deps.stopping()) return { kind: 'handed-over' };
      if (toldAt !== 0 && clock.now() - lookedAt < LOOK_EVERY_MS) return null;
      lookedAt = clock.now();
      // While Redis is away the look goes on: its end is what counts.
      return meanwhile(async () => {
        const by = await looks.cancelled(question.id);
        if (by !== null) return { kind: 'cancelled', by };
        await looks.take(question.cluster ?? '', question.id, TURN_MS);
        if (clock.now() - toldAt >= TELL_EVERY_MS) await tell(body());
        return null;
      });
    },
    conclude: (body) => surely(clock, () => tell(body)),
  };
}

async function meanwhile(work: () => Promise<Halt | null>): Promise<Halt | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return null;
  }
}

async function surely(clock: Clock, work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof TargetError) || tries >= CONCLUDE_TRIES) throw error;
      await clock.pause(1000);
    }
  }
}
