import { stringify } from 'yaml';

export interface BenchCluster {
  readonly name: string;
  readonly endpoints: readonly string[];
}

export interface Setting {
  readonly stateDirectory: string;
  readonly alertsChannel: string;
  /** Ids; commands for every cluster are taken in all of them. */
  readonly channels: readonly string[];
  readonly operator: string;
  readonly approver: string;
  readonly cluster: BenchCluster;
}

/** What a user would write for one cluster, with defaults wherever there are some. */
export function configurationOf(setting: Setting): string {
  const { stateDirectory, alertsChannel, channels, operator, approver, cluster } = setting;
  return stringify({
    stateDirectory,
    slack: { mode: 'socket', alertsChannel },
    http: { host: '127.0.0.1', port: 0 },
    limits: { perPerson: 100000, perCluster: 100000 },
    policy: { operators: { users: [operator] }, approvers: { users: [approver] } },
    // etcdctl takes no rest between members either.
    clusters: [{ ...cluster, channels, settle: '0s', reraiseWatch: '1m' }],
  });
}
