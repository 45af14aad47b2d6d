import type { Question } from '../domain/answer.js';
import type { JobHandler } from '../engine/tools.js';

/** Lists the clusters with their newest samples. */
const listClusters: JobHandler<Question> = {
  queue: 'reads',
  run: (tools, question) => tools.listClusters(question).then(() => null),
  failed: (tools, question, reference) => tools.mishap(question, reference),
};

export default listClusters;
