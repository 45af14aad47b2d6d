import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** Watches for a while what is written to a cluster. Only reads; begun again once where its process died. */
const watchChurn: JobHandler<Question> = {
  queue: 'scans',
  run: (tools, question) => tools.watchChurn(question),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default watchChurn;
