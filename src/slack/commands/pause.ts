import { steeredMessage } from '../blocks/steered.js';
import type { Command } from '../command.js';
import { ALL, WHY } from '../options.js';

const pause: Command = {
  summary: 'no change starts any more, and what runs stops after its step',
  usage: '/etcd pause [cluster|all] [--reason TEXT]',
  right: 'steer',
  cluster: 'one-or-all',
  examples: ['/etcd pause calico-prod --reason "release until 18:00"', '/etcd pause all'],
  options: [ALL, WHY],
  needsReason: true,
  asks: { job: 'pause', facts: () => [] },
  render: steeredMessage,
};

export default pause;
