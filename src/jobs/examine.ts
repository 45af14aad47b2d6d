import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** Reads the facts of a question, runs the checks, and leaves the answer for the bot. Safe to repeat. */
const examine: JobHandler<Question> = {
  queue: 'reads',
  run: (tools, question) => tools.examine(question).then(() => null),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default examine;
