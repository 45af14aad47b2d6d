import { planMessage } from '../blocks/plan.js';
import type { Command } from '../command.js';
import { DRY_RUN, REASON } from '../options.js';

const backup: Command = {
  summary: 'backs the cluster up into its configured directory',
  usage: '/etcd backup [cluster] [--reason TEXT] [--dry-run]',
  right: 'propose',
  cluster: 'one',
  examples: ['/etcd backup calico-prod --reason "before the upgrade"'],
  options: [REASON, DRY_RUN],
  needsReason: true,
  asks: { job: 'propose', facts: () => [] },
  render: planMessage,
};

export default backup;
