import { planMessage } from '../blocks/plan.js';
import type { Command } from '../command.js';
import { DRY_RUN, REASON } from '../options.js';

const disarm: Command = {
  summary: 'disarms NOSPACE, once every member has room again',
  usage: '/etcd disarm [cluster] [--reason TEXT] [--dry-run]',
  right: 'propose',
  cluster: 'one',
  examples: ['/etcd disarm calico-prod --reason "the quota was raised"'],
  options: [REASON, DRY_RUN],
  needsReason: true,
  asks: { job: 'propose', facts: () => [] },
  render: planMessage,
};

export default disarm;
