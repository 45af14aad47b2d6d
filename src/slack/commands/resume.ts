import { steeredMessage } from '../blocks/steered.js';
import type { Command } from '../command.js';
import { ALL, WHY } from '../options.js';

const resume: Command = {
  summary: 'changes go on; what is approved and still in time starts',
  usage: '/etcd resume [cluster|all] [--reason TEXT]',
  right: 'steer',
  cluster: 'one-or-all',
  examples: ['/etcd resume calico-prod --reason "the release is done"', '/etcd resume all'],
  options: [ALL, WHY],
  needsReason: true,
  asks: { job: 'resume', facts: () => [] },
  render: steeredMessage,
};

export default resume;
