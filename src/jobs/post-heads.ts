import type { JobHandler } from '../engine/tools.js';

/** Posts where the chains of the audit trail stand. Reads and posts only; posts once a day, however often it runs. */
const postHeads: JobHandler<object> = {
  queue: 'monitor',
  run: (tools) => tools.postHeads().then(() => null),
};

export default postHeads;
