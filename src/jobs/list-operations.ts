import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** Lists open and recent operations. */
const listOperations: JobHandler<Question> = {
  queue: 'reads',
  run: (tools, question) => tools.listOperations(question).then(() => null),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default listOperations;
