import { mutedMessage } from '../blocks/muted.js';
import type { Command } from '../command.js';
import { ALL, RULE, WHY } from '../options.js';

const mute: Command = {
  summary: 'nothing is told of a rule on a cluster for a while, or of any rule',
  usage: '/etcd mute [cluster|all] [rule] [--for 2h] [--reason TEXT]',
  right: 'steer',
  cluster: 'one-or-all',
  examples: [
    '/etcd mute calico-prod fragmentation --for 2d --reason "defragmentation is planned for Sunday"',
    '/etcd mute calico-prod --for 1h',
  ],
  options: [
    RULE,
    ALL,
    { name: 'for', value: 'SPAN', summary: 'for how long: `30m`, `2h`, `1d`; left out, `2h`' },
    WHY,
  ],
  takes: { option: 'rule', many: false },
  needsReason: true,
  asks: { job: 'mute', facts: () => [] },
  render: mutedMessage,
};

export default mute;
