import { statusMessage } from '../blocks/status.js';
import type { Command } from '../command.js';

const status: Command = {
  summary: 'how a cluster is now: verdict, members, sizes, share of the quota, alarms',
  usage: '/etcd status [cluster]',
  right: 'read',
  cluster: 'one',
  examples: ['/etcd status calico-prod'],
  options: [],
  asks: { job: 'examine', facts: () => ['members', 'status', 'alarms'] },
  render: statusMessage,
};

export default status;
