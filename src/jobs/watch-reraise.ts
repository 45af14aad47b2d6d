import type { JobHandler } from '../engine/tools.js';

/** One look at the alarms of a cluster that was mended. Reads only. */
const watchReraise: JobHandler<{ readonly id: string }> = {
  queue: 'monitor',
  run: (tools, { id }) => tools.watchReraise(id).then(() => null),
};

export default watchReraise;
