import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { LocalEtcd } from '../../infra/local/etcd.js';
import type { LocalSlack } from '../../infra/local/slack/index.js';

export const CLUSTER = 'calico-prod';

/** Keys of the configuration file, as a person would write them. */
export type Settings = Readonly<Record<string, unknown>>;

export interface Written {
  readonly directory: string;
  readonly slack: Pick<LocalSlack, 'users' | 'channels'>;
  readonly etcd: Pick<LocalEtcd, 'endpoints'>;
  /** How the cluster's Kubernetes is reached. */
  readonly kubernetes?: Settings | undefined;
  /** Keys of the cluster's entry. */
  readonly cluster?: Settings;
  /** Keys beside the clusters. */
  readonly settings?: Settings;
  readonly others?: readonly Settings[];
}

/** Writes the configuration of a scene, and answers its file. */
export async function writeConfiguration(written: Written): Promise<string> {
  const { directory, cluster, settings, others = [] } = written;
  const stateDirectory = join(directory, 'state');
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'steward.yaml');
  const content = {
    ...common(written, stateDirectory),
    ...settings,
    clusters: [{ ...clusterOf(written), ...cluster }, ...others],
  };
  await writeFile(file, stringify(content), { mode: 0o600 });
  return file;
}

/** One person for each right: Olga proposes, Anna and Ben approve, Vera looks, Nora may do nothing. */
function common({ slack: { users, channels } }: Written, stateDirectory: string): Settings {
  const { olga, anna, ben, vera } = users;
  return {
    stateDirectory,
    slack: { mode: 'socket', alertsChannel: channels['platform'] },
    http: { host: '127.0.0.1', port: 0 },
    limits: { perPerson: 100000, perCluster: 100000 },
    monitor: { interval: '1s', metricsInterval: '2s' },
    // What the bot tells by itself goes where it is in nobody's way; a test about it says otherwise.
    alerts: { routes: [{ channel: channels['alerts'] ?? channels['elsewhere'] }] },
    policy: {
      viewers: { users: [olga, anna, ben, vera] },
      operators: { users: [olga] },
      approvers: { users: [anna, ben] },
    },
  };
}

function clusterOf({ etcd, kubernetes, slack: { channels } }: Written): Settings {
  return {
    name: CLUSTER,
    aliases: ['calico'],
    endpoints: etcd.endpoints,
    channels: [channels['platform']],
    settle: '0s',
    reraiseWatch: '3s',
    ...(kubernetes && { kubernetes }),
  };
}
