import { mutedMessage } from '../blocks/muted.js';
import type { Command } from '../command.js';
import { RULE } from '../options.js';

const unmute: Command = {
  summary: 'a rule that was muted is told again, or all of a cluster’s',
  usage: '/etcd unmute [cluster] [rule]',
  right: 'steer',
  cluster: 'one',
  examples: ['/etcd unmute calico-prod fragmentation', '/etcd unmute calico-prod'],
  options: [RULE],
  takes: { option: 'rule', many: false },
  asks: { job: 'unmute', facts: () => [] },
  render: mutedMessage,
};

export default unmute;
