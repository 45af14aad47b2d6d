import type { JobHandler } from '../engine/tools.js';

/** Looks at the monitoring itself. Reads of ours only: asks nothing of a target. */
const survey: JobHandler<object> = {
  queue: 'monitor',
  run: (tools) => tools.survey().then(() => null),
};

export default survey;
