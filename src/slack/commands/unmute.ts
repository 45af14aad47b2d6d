import { mutedMessage } from '../blocks/muted.js';
import type { Command } from '../command.js';
import { ALL, RULE } from '../options.js';

const unmute: Command = {
  summary: 'a rule that was muted is told again, or all of a cluster’s',
  usage: '/etcd unmute [cluster|all] [rule]',
  right: 'steer',
  cluster: 'one-or-all',
  examples: ['/etcd unmute calico-prod fragmentation', '/etcd unmute calico-prod'],
  options: [RULE, ALL],
  takes: { option: 'rule', many: false },
  asks: { job: 'unmute', facts: () => [] },
  render: mutedMessage,
};

export default unmute;
