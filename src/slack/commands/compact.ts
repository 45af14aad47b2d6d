import { planMessage } from '../blocks/plan.js';
import type { Command } from '../command.js';
import { DRY_RUN, REASON } from '../options.js';

const compact: Command = {
  summary: 'lets old history go, up to the revision of ten minutes ago',
  usage: '/etcd compact [cluster] [--keep 10m|5000] [--revision N] [--reason TEXT] [--dry-run]',
  right: 'propose',
  cluster: 'one',
  examples: ['/etcd compact calico-prod --keep 1h --dry-run', '/etcd compact calico-prod --revision 4812990'],
  options: [
    { name: 'keep', value: '10m|5000', summary: 'how much history stays: a time, or a number of revisions' },
    { name: 'revision', value: 'N', summary: 'compacts up to exactly this revision' },
    REASON,
    DRY_RUN,
  ],
  needsReason: true,
  asks: { job: 'propose', facts: () => [] },
  render: planMessage,
};

export default compact;
