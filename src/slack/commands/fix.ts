import { planMessage } from '../blocks/plan.js';
import type { Command } from '../command.js';
import { DRY_RUN, REASON } from '../options.js';

const fix: Command = {
  summary: 'makes room in a full cluster: compacts, defragments, disarms',
  usage: '/etcd fix [cluster] [--reason TEXT] [--dry-run]',
  right: 'propose',
  cluster: 'one',
  examples: ['/etcd fix calico-prod', '/etcd fix calico-prod --reason "pods do not start"'],
  options: [REASON, DRY_RUN],
  needsReason: true,
  asks: { job: 'propose', facts: () => [] },
  render: planMessage,
};

export default fix;
