import { operationsMessage } from '../blocks/operations.js';
import type { Command } from '../command.js';

const operations: Command = {
  summary: 'open and recent operations: what waits, runs, or was done',
  usage: '/etcd operations [cluster]',
  right: 'read',
  cluster: 'maybe',
  examples: ['/etcd operations', '/etcd operations calico-prod'],
  options: [],
  asks: { job: 'list-operations', facts: () => [] },
  render: operationsMessage,
};

export default operations;
