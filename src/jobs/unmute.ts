import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** It is told again. Asks nothing of a target. */
const unmute: JobHandler<Question> = {
  queue: 'reads',
  run: (tools, question) => tools.unmute(question).then(() => null),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default unmute;
