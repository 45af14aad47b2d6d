import type { AnswerBody, Question } from '../../domain/answer.js';
import { TURN_MS, type Looking, type LookingDeps } from './looking.js';

const ASK_AGAIN_MS = 2000;

interface Waiting {
  readonly question: Question;
  readonly looking: Looking;
  /** How it looks until it is its turn. */
  readonly waiting: () => AnswerBody;
}

/** One look at a cluster at a time, so that many of them weigh no more on it than one does. */
export async function inTurn(
  deps: LookingDeps,
  { question, looking, waiting }: Waiting,
  work: () => Promise<number | null>,
): Promise<number | null> {
  const { id, cluster } = question;
  if (!(await deps.looks.take(cluster ?? '', id, TURN_MS)))
    return waits(deps, { question, looking, waiting });
  try {
    return await work();
  } finally {
    // Where Redis is away it is given back by time.
    await deps.looks.giveBack(cluster ?? '', id).catch(() => {});
  }
}

async function waits(deps: LookingDeps, { question, looking, waiting }: Waiting): Promise<number | null> {
  const told = await deps.answers.load(question.id);
  const body = waiting();
  const by = await deps.looks.cancelled(question.id);
  if (by !== null) {
    const reason = `Stopped by <@${by}> before it began.`;
    await looking.conclude({ kind: 'refusal', reason, safe: [], people: [by] });
    return null;
  }
  if (told?.body.kind !== body.kind) await looking.conclude(body);
  return ASK_AGAIN_MS;
}
