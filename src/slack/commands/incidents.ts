import { incidentsMessage } from '../blocks/incidents.js';
import type { Command } from '../command.js';

const incidents: Command = {
  summary: 'what fires now, worst first, and what is muted by whom until when',
  usage: '/etcd incidents [cluster]',
  right: 'read',
  cluster: 'maybe',
  examples: ['/etcd incidents', '/etcd incidents calico-prod'],
  options: [],
  asks: { job: 'list-incidents', facts: () => [] },
  render: incidentsMessage,
};

export default incidents;
