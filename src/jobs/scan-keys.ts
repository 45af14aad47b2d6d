import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** Counts the keys of a cluster, page after page of one member. Only reads; begun again once where its process died. */
const scanKeys: JobHandler<Question> = {
  queue: 'scans',
  run: (tools, question) => tools.scanKeys(question),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default scanKeys;
