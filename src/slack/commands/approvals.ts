import { waitingFor } from '../../engine/waiting.js';
import { approvalsMessage } from '../blocks/approvals.js';
import { otherMessage } from '../blocks/refusal.js';
import type { Command } from '../command.js';

const approvals: Command = {
  summary: 'what waits for your approval; you alone see the answer',
  usage: '/etcd approvals',
  right: 'read',
  cluster: 'none',
  examples: ['/etcd approvals'],
  options: [],
  asks: {
    inPerson: async (deps, { actor, place }) =>
      approvalsMessage(await waitingFor(deps, { actor, channel: place.channel }), deps.clock.now()),
  },
  render: otherMessage,
};

export default approvals;
