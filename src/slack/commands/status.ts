import { statusMessage } from '../blocks/status.js';
import type { Command } from '../command.js';

const status: Command = {
  summary: 'how a cluster is now: verdict, members, sizes, share of the quota, alarms',
  usage: '/etcd status [cluster] [--chart]',
  right: 'read',
  cluster: 'one',
  examples: ['/etcd status calico-prod', '/etcd status calico-prod --chart'],
  options: [{ name: 'chart', summary: 'also draws its sizes over time, with the forecast' }],
  asks: { job: 'examine', facts: () => ['members', 'status', 'alarms'] },
  render: statusMessage,
};

export default status;
