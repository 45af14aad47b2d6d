import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** Nothing starts from now on, and what runs stops after its step. Asks nothing of a target. */
const pause: JobHandler<Question> = {
  queue: 'reads',
  run: (tools, question) => tools.pause(question).then(() => null),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default pause;
