import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** Nothing is told of a rule until a time. Asks nothing of a target. */
const mute: JobHandler<Question> = {
  queue: 'reads',
  run: (tools, question) => tools.mute(question).then(() => null),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default mute;
