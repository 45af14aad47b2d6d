import type { JobHandler } from '../engine/tools.js';

/** The newest facts of one cluster, kept for the next click and the next question. */
const sample: JobHandler<{ readonly cluster: string }> = {
  queue: 'monitor',
  run: (tools, { cluster }) => tools.sample(cluster).then(() => null),
};

export default sample;
