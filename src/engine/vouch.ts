import type { Question } from '../domain/answer.js';
import type { Signer } from '../domain/ports.js';

/**
 * Questions travel through Redis, in jobs and in drafts. Whoever can write there could propose a change in somebody else's
 * name, and approve it as if it were not their own: so a change is proposed only for a question that we have signed.
 */
export function vouched(question: Question, signer: Signer): Question {
  return { ...question, signature: signer.sign(textOf(question)) };
}

export function isVouched(question: Question, signer: Signer): boolean {
  return question.signature !== undefined && signer.verify(textOf(question), question.signature);
}

function textOf({ id, version, verb, cluster, options, asker, place, askedAt }: Question): string {
  return JSON.stringify(['question', id, version, verb, cluster, options, asker, place, askedAt]);
}
