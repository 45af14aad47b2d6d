import { planMessage } from '../blocks/plan.js';
import type { Command } from '../command.js';
import { DRY_RUN, REASON } from '../options.js';

const restartPods: Command = {
  summary: 'restarts pods that hang because etcd had refused their address',
  usage: '/etcd restart-pods [cluster] [namespace/pod …] [--reason TEXT] [--dry-run]',
  right: 'propose',
  cluster: 'one',
  examples: ['/etcd restart-pods calico-prod', '/etcd restart-pods calico-prod shop/web-1 --dry-run'],
  options: [REASON, DRY_RUN],
  takes: { option: 'pods', many: true },
  needsReason: true,
  asks: { job: 'propose', facts: () => [] },
  render: planMessage,
};

export default restartPods;
