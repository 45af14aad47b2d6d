import { mutedMessage } from '../blocks/muted.js';
import type { Command } from '../command.js';
import { RULE, WHY } from '../options.js';

const mute: Command = {
  summary: 'nothing is told of a rule on a cluster for a while, or of any rule',
  usage: '/etcd mute [cluster] [rule] [--for 2h] [--reason TEXT]',
  right: 'steer',
  cluster: 'one',
  examples: [
    '/etcd mute calico-prod fragmentation --for 2d --reason "defragmentation is planned for Sunday"',
    '/etcd mute calico-prod --for 1h',
  ],
  options: [
    RULE,
    { name: 'for', value: 'SPAN', summary: 'for how long: `30m`, `2h`, `1d`; left out, an hour' },
    WHY,
  ],
  takes: { option: 'rule', many: false },
  needsReason: true,
  asks: { job: 'mute', facts: () => [] },
  render: mutedMessage,
};

export default mute;
