import { churnMessage } from '../blocks/churn.js';
import type { Command } from '../command.js';

const churn: Command = {
  summary: 'who writes to it: watches for a minute, and counts for each prefix',
  usage: '/etcd churn [cluster] [prefix] [--for TIME]',
  right: 'propose',
  onlyReads: true,
  cluster: 'one',
  examples: ['/etcd churn calico-prod', '/etcd churn calico-prod /registry/events/ --for 30s'],
  options: [{ name: 'for', value: 'TIME', summary: 'how long to watch, `30s` to `5m`; left out, a minute' }],
  takes: { option: 'prefix', many: false },
  asks: { job: 'watch-churn', facts: () => [] },
  render: churnMessage,
};

export default churn;
