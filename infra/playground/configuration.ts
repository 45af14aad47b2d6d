import { stringify } from 'yaml';

export interface Setting {
  readonly stateDirectory: string;
  readonly channel: string;
  /** Ids by name. */
  readonly users: Readonly<Record<string, string>>;
  readonly endpoints: readonly string[];
  readonly kubeconfig: string;
}

/** What takes days in production takes two minutes here. */
const HURRIED = {
  'quota-forecast': { warning: '5m', critical: '20s', leastHistory: '8s', for: '2s' },
  'quota-low': { for: '2s' },
  'database-growth': { for: '1h' },
};

/** The configuration that the playground writes for the shipped program, as a person would. */
export function configurationOf({ stateDirectory, channel, users, endpoints, kubeconfig }: Setting): string {
  const { olga, anna, ben } = users;
  return stringify({
    stateDirectory,
    slack: { mode: 'socket', alertsChannel: channel },
    http: { host: '127.0.0.1', port: 0 },
    monitor: { interval: '2s', metricsInterval: '4s' },
    alerts: { thresholds: HURRIED, reminders: { first: '10m', most: '1h' } },
    policy: {
      viewers: { users: [olga, anna, ben], groups: [] },
      operators: { users: [olga] },
      approvers: { users: [anna, ben] },
    },
    clusters: [
      {
        name: 'calico-demo',
        aliases: ['calico'],
        endpoints,
        channels: [channel],
        kubernetes: { kubeconfig, context: 'demo' },
        calico: true,
        podPatience: '20s',
        settle: '2s',
        reraiseWatch: '1m',
        backup: { directory: `${stateDirectory}/backups`, keep: 3 },
      },
    ],
  });
}
