import { keysMessage } from '../blocks/keys.js';
import type { Command } from '../command.js';

const keys: Command = {
  summary: 'what fills it: keys, writes and bytes for each prefix, and the largest keys',
  usage: '/etcd keys [cluster] [prefix] [--rate N] [--bytes]',
  right: 'propose',
  onlyReads: true,
  cluster: 'one',
  examples: [
    '/etcd keys calico-prod',
    '/etcd keys calico-prod /calico/ipam/',
    '/etcd keys calico-prod --rate 2000',
    '/etcd keys calico-prod --rate max --bytes',
  ],
  options: [
    {
      name: 'rate',
      value: 'N',
      summary: 'keys a second, or `max`; left out, 5 000, which others hardly feel',
    },
    { name: 'bytes', summary: 'reads every value for its length, instead of a sample; no value is shown' },
  ],
  takes: { option: 'prefix', many: false },
  asks: { job: 'scan-keys', facts: () => [] },
  render: keysMessage,
};

export default keys;
