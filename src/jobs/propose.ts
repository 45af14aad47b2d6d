import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** Makes a plan on fresh facts and puts it before the approvers. Starts nothing. */
const propose: JobHandler<Question> = {
  queue: 'reads',
  run: (tools, question) => tools.propose(question).then(() => null),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default propose;
