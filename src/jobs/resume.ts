import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** Changes may start again. What was approved meanwhile, and is still in time, does. */
const resume: JobHandler<Question> = {
  queue: 'reads',
  run: (tools, question) => tools.resume(question).then(() => null),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default resume;
