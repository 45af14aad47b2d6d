import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** What fires now, and what is muted. Asks nothing of a target. */
const listIncidents: JobHandler<Question> = {
  queue: 'reads',
  run: (tools, question) => tools.listIncidents(question).then(() => null),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default listIncidents;
