import { planMessage } from '../blocks/plan.js';
import type { Command } from '../command.js';
import { DRY_RUN, REASON } from '../options.js';

const moveLeader: Command = {
  summary: 'hands leadership to a named member, or to the best one',
  usage: '/etcd move-leader [cluster] [member] [--reason TEXT] [--dry-run]',
  right: 'propose',
  cluster: 'one',
  examples: ['/etcd move-leader calico-prod m2', '/etcd move-leader calico-prod --dry-run'],
  options: [{ name: 'to', value: 'MEMBER', summary: 'the member, where no word says it' }, REASON, DRY_RUN],
  takes: { option: 'to', many: false },
  needsReason: true,
  asks: { job: 'propose', facts: () => [] },
  render: planMessage,
};

export default moveLeader;
