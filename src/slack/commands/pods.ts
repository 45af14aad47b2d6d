import { podsMessage } from '../blocks/pods.js';
import type { Command } from '../command.js';

const pods: Command = {
  summary: 'the pods that hang, by cause, and whether this etcd has to do with it',
  usage: '/etcd pods [cluster]',
  right: 'read',
  cluster: 'one',
  examples: ['/etcd pods calico-prod'],
  options: [],
  asks: {
    job: 'examine',
    facts: () => ['pods', 'nodes', 'calico-parts', 'cron-jobs', 'members', 'status', 'alarms', 'metrics'],
  },
  render: podsMessage,
};

export default pods;
