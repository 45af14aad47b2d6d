import { membersMessage } from '../blocks/members.js';
import type { Command } from '../command.js';

const members: Command = {
  summary: 'the members: ids, roles, versions, addresses, raft indexes',
  usage: '/etcd members [cluster]',
  right: 'read',
  cluster: 'one',
  examples: ['/etcd members calico-prod'],
  options: [],
  asks: { job: 'examine', facts: () => ['members', 'status', 'alarms'] },
  render: membersMessage,
};

export default members;
