import { clustersMessage } from '../blocks/clusters.js';
import type { Command } from '../command.js';

const clusters: Command = {
  summary: 'the clusters of this channel, each with its newest verdict',
  usage: '/etcd clusters',
  right: 'read',
  cluster: 'none',
  examples: ['/etcd clusters'],
  options: [],
  asks: { job: 'list-clusters', facts: () => [] },
  render: clustersMessage,
};

export default clusters;
