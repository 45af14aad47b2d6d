import type { JobHandler } from '../engine/tools.js';

/** Posts what is worth knowing of the last day or week. Once for each, however often it runs. */
const postDigest: JobHandler<object> = {
  queue: 'monitor',
  run: (tools) => tools.postDigest().then(() => null),
};

export default postDigest;
