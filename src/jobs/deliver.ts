import type { OutboxEntry } from '../domain/ports.js';
import type { JobHandler } from '../engine/tools.js';

/** Shows the newest state of one thing in Slack; tried until it is shown. */
const deliver: JobHandler<OutboxEntry> = {
  queue: 'outbox',
  run: (tools, entry) => tools.deliver(entry),
};

export default deliver;
