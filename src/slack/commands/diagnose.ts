import { diagnosisMessage } from '../blocks/diagnosis.js';
import type { FactName } from '../../domain/snapshot.js';
import type { Command } from '../command.js';

/** Only where the configuration names a Kubernetes, or Calico's data. */
const AROUND: readonly FactName[] = ['pods', 'nodes', 'calico-parts', 'ip-pools', 'cron-jobs', 'etcd-pods'];

const diagnose: Command = {
  summary: 'what is wrong with a cluster, with the evidence, and what to do about it',
  usage: '/etcd diagnose [cluster] [--probe]',
  right: 'read',
  cluster: 'one',
  examples: ['/etcd diagnose calico-prod', '/etcd diagnose calico-prod --probe'],
  options: [{ name: 'probe', summary: 'also writes one tiny key under /etcd-steward/ and removes it again' }],
  asks: {
    job: 'examine',
    facts: (options) => [
      'members',
      'status',
      'alarms',
      'metrics',
      ...AROUND,
      ...(options['probe'] === true ? (['write-probe'] as const) : []),
    ],
  },
  render: diagnosisMessage,
};

export default diagnose;
