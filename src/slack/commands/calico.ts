import { calicoMessage } from '../blocks/calico.js';
import type { Command } from '../command.js';

const calico: Command = {
  summary: 'Calico’s IP pools and their use, nodes that can’t get a block, what does not add up',
  usage: '/etcd calico [cluster]',
  right: 'read',
  cluster: 'one',
  examples: ['/etcd calico calico-prod'],
  options: [],
  asks: { job: 'examine', facts: () => ['members', 'status', 'alarms', 'ip-pools'] },
  render: calicoMessage,
};

export default calico;
