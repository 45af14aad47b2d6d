import { planMessage } from '../blocks/plan.js';
import type { Command } from '../command.js';
import { DRY_RUN, REASON } from '../options.js';

const defrag: Command = {
  summary: 'gives free space inside the files back, member by member, where it pays',
  usage: '/etcd defrag [cluster] [member …] [--all] [--reason TEXT] [--dry-run]',
  right: 'propose',
  cluster: 'one',
  examples: ['/etcd defrag calico-prod', '/etcd defrag calico-prod m1 m2 --all'],
  options: [{ name: 'all', summary: 'also where it gives back next to nothing' }, REASON, DRY_RUN],
  takes: { option: 'members', many: true },
  needsReason: true,
  asks: { job: 'propose', facts: () => [] },
  render: planMessage,
};

export default defrag;
