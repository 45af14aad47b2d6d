import type { JobHandler } from '../engine/tools.js';

/** Looks after open operations: expired ones, lost starts, runs whose process died. Acts on no target. */
const sweep: JobHandler<object> = {
  queue: 'monitor',
  run: (tools) => tools.sweep().then(() => null),
};

export default sweep;
