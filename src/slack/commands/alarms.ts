import { alarmsMessage } from '../blocks/alarms.js';
import type { Command } from '../command.js';

const alarms: Command = {
  summary: 'the armed alarms, what they mean and what to do',
  usage: '/etcd alarms [cluster]',
  right: 'read',
  cluster: 'one',
  examples: ['/etcd alarms calico-prod'],
  options: [],
  asks: { job: 'examine', facts: () => ['members', 'status', 'alarms'] },
  render: alarmsMessage,
};

export default alarms;
