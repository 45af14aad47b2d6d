import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Config, Environment } from '../../src/config/config.js';
import { loadConfig, type Purpose } from '../../src/config/load.js';
import type { KnownRules } from '../../src/config/known-rules.js';
import { count, perSecond, seconds, share, size, span } from '../../src/domain/alerting/rule.js';

export const TOKENS: Environment = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
export const KEY = '0123456789abcdef0123456789abcdef';

/** With two contexts; `prod` is the current one. */
export const KUBECONFIG = stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'prod',
  clusters: [
    { name: 'one', cluster: { server: 'https://10.0.0.9:6443' } },
    { name: 'two', cluster: { server: 'https://10.0.1.9:6443' } },
  ],
  contexts: [
    { name: 'prod', context: { cluster: 'one', user: 'steward' } },
    { name: 'staging', context: { cluster: 'two', user: 'steward' } },
  ],
  users: [{ name: 'steward', user: { token: 't0ken' } }],
});

/** Rules as the catalogue has them, a threshold of every unit among them. */
export const RULES: KnownRules = new Map([
  [
    'quota-low',
    {
      thresholds: {
        warning: share(0.8, 'share of the quota'),
        critical: share(0.95, 'share of the quota'),
        for: span(600_000, 'how long'),
      },
    },
  ],
  ['certificate-expiry', { thresholds: { warning: span(1_814_400_000, 'time that is left') } }],
  [
    'units',
    {
      thresholds: {
        size: size(2 ** 33, 'size of the database'),
        times: count(4, 'number of changes'),
        slow: seconds(0.5, 'a request'),
        often: perSecond(0.1, 'failures'),
      },
    },
  ],
]);

/** A directory with the files that a configuration names. */
export interface Sandbox {
  readonly directory: string;
  write(name: string, content: string): string;
  /** The problems of this configuration; a text is taken as YAML, anything else is written as it. */
  problems(config: unknown, env?: Environment, purpose?: Purpose): readonly string[];
  load(config: unknown, env?: Environment, purpose?: Purpose): Config;
  remove(): void;
}

export function makeSandbox(rules: KnownRules = RULES): Sandbox {
  const directory = mkdtempSync(join(tmpdir(), 'steward-config-'));
  const write = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };
  const attempt = (config: unknown, env: Environment = TOKENS, purpose?: Purpose) =>
    loadConfig(write('steward.yaml', typeof config === 'string' ? config : stringify(config)), env, {
      purpose,
      rules,
    });
  mkdirSync(join(directory, 'folder'));
  for (const [name, kind] of Object.entries({ ca: 'CERTIFICATE', cert: 'CERTIFICATE', key: 'PRIVATE KEY' })) {
    write(`${name}.pem`, `-----BEGIN ${kind}-----\ncontent of ${name}\n-----END ${kind}-----\n`);
  }
  write('password', 'pa55word\n');
  return {
    directory,
    write,
    problems: (...args) => {
      const loaded = attempt(...args);
      return loaded.ok ? [] : loaded.problems;
    },
    load: (...args) => {
      const loaded = attempt(...args);
      if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
      return loaded.config;
    },
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

type Keys = Readonly<Record<string, unknown>>;

export function cluster(overrides: Keys = {}): Keys {
  return { name: 'prod', endpoints: ['http://10.0.0.1:2379'], ...overrides };
}

/** A configuration with nothing wrong in it; `overrides` replace its keys. */
export function good(overrides: Keys = {}): Keys {
  return {
    stateDirectory: 'state',
    slack: { alertsChannel: 'C0ALERTS' },
    policy: { approvers: { users: ['U2', 'U3'] } },
    clusters: [cluster()],
    ...overrides,
  };
}

/** The same with one cluster, changed. */
export function withCluster(overrides: Keys): Keys {
  return good({ clusters: [cluster(overrides)] });
}
