import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** Looks entries of the audit trail up. */
const listHistory: JobHandler<Question> = {
  queue: 'reads',
  run: (tools, question) => tools.listHistory(question).then(() => null),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default listHistory;
