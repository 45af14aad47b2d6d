import type { JobHandler } from '../engine/tools.js';

/** Starts an approved operation, or goes on with one that was handed over; without its one-use token it does nothing. */
const runOperation: JobHandler<{ readonly id: string }> = {
  queue: 'operations',
  run: (tools, { id }) => tools.execute(id).then(() => null),
};

export default runOperation;
