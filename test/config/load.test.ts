import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { loadConfig } from '../../src/config/load.js';
import { good, makeSandbox, type Sandbox, TOKENS, withCluster } from './sandbox.js';

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = makeSandbox();
});
afterEach(() => {
  sandbox.remove();
});

describe('a configuration that says only what it must', () => {
  it('gets every default', () => {
    const config = sandbox.load(good());
    expect(config).toMatchObject({
      role: 'all',
      logLevel: 'info',
      stateDirectory: join(sandbox.directory, 'state'),
      slack: { mode: 'socket', alertsChannel: 'C0ALERTS', apiUrl: null },
      http: { host: '127.0.0.1', port: 8080 },
      monitor: { intervalMs: 15_000, metricsIntervalMs: 60_000 },
      limits: { perPersonPerMinute: 30, perClusterPerMinute: 120 },
      redis: { waitForReplicas: 0 },
      audit: { file: join(sandbox.directory, 'state/audit.jsonl') },
    });
  });

  it('is known by the digest of its file', () => {
    const first = sandbox.load(good()).digest;
    const bytes = readFileSync(join(sandbox.directory, 'steward.yaml'));
    expect(first).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(sandbox.load(good({ limits: { perPerson: 9 } })).digest).not.toBe(first);
  });

  it('describes its cluster in full', () => {
    expect(sandbox.load(good()).clusters[0]?.cluster).toEqual({
      name: 'prod',
      aliases: [],
      calico: false,
      kubernetes: null,
      environment: null,
      endpoints: ['http://10.0.0.1:2379'],
      quotaBytes: null,
      clusterId: null,
      channels: ['C0ALERTS'],
      settleMs: 10_000,
      reraiseWatchMs: 600_000,
      backup: null,
      etcdctlFlags: [],
      policy: {
        viewers: 'channel',
        operators: { users: [], groups: [] },
        approvers: { users: ['U2', 'U3'], groups: [] },
        approvals: 1,
        selfApproval: false,
        approveWithinMs: 1_800_000,
        startWithinMs: 600_000,
        outsideWindow: { users: [], groups: [] },
        emergency: { users: [], groups: [] },
      },
      policies: {},
      changes: true,
      windows: [],
    });
  });

  it('makes the state directory for its owner only', () => {
    const { stateDirectory } = sandbox.load(good());
    expect(statSync(stateDirectory).mode & 0o777).toBe(0o700);
  });
});

describe('a configuration that says everything', () => {
  const tls = { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem' };
  const full = {
    aliases: ['main'],
    endpoints: ['https://A:2379/', 'https://[::1]:2379'],
    metrics: ['http://a:2381/metrics', 'http://[::1]:2381/metrics'],
    tls,
    auth: { username: 'steward', passwordFile: 'password' },
    quota: '2GiB',
    channels: ['C1', 'G2'],
    settle: '0s',
    reraiseWatch: '1m',
    backup: { directory: '/backups' },
  };

  it('carries it over, paths relative to its own file', () => {
    const at = (name: string) => join(sandbox.directory, name);
    const first = sandbox.load(withCluster(full)).clusters[0];
    expect(first?.cluster).toMatchObject({
      aliases: ['main'],
      endpoints: ['https://a:2379', 'https://[::1]:2379'],
      quotaBytes: 2 ** 31,
      channels: ['C1', 'G2'],
      settleMs: 0,
      backup: { directory: '/backups', keep: 3 },
      etcdctlFlags: [
        `--cacert=${at('ca.pem')}`,
        `--cert=${at('cert.pem')}`,
        `--key=${at('key.pem')}`,
        '--user=steward',
      ],
    });
    expect(first?.connection.tls?.key).toContain('content of key');
    expect(first?.connection.auth?.password).toBe('pa55word');
    expect(first?.connection.metrics).toHaveLength(2);
  });

  it('never shows what it takes to get in', () => {
    const config = sandbox.load(withCluster(full), { ...TOKENS, REDIS_URL: 'redis://:hush@r:6379' });
    const shown = `${JSON.stringify(config)} ${inspect(config, { depth: 20 })} ${String(config.secrets.key)}`;
    expect(shown).toContain('[secret]');
    for (const secret of ['content of', 'pa55word', 'xoxb-', 'xapp-', 'hush', config.secrets.key.reveal()]) {
      expect(shown).not.toContain(secret);
    }
    expect(config.secrets.redisUrl.reveal()).toContain('hush');
  });

  it('reads no etcd credential in the role bot', () => {
    const config = sandbox.load(
      withCluster({ ...full, tls: { ca: '/nowhere' }, auth: { username: 'u', passwordFile: '/nowhere' } }),
      { ...TOKENS, STEWARD_KEY: 'k'.repeat(32) },
      'bot',
    );
    expect(config.clusters[0]?.connection).toEqual({});
  });

  it('needs no token and no credential of a cluster to prove the audit trail, but the key it was written with', () => {
    const yaml = withCluster({ ...full, tls: { ca: '/nowhere' } });
    expect(sandbox.load(yaml, { STEWARD_KEY: 'k'.repeat(32) }, 'audit').secrets.key.reveal()).toHaveLength(
      32,
    );
    expect(() => sandbox.load(yaml, {}, 'audit')).toThrow(/STEWARD_KEY: is missing.*steward\.key/s);
  });

  it.each([
    ['0xcdf8181e3277f76a', '14841639089974277994'],
    ['cdf8181e3277f76a', '14841639089974277994'],
    ['14841639089974277994', '14841639089974277994'],
    ['"42"', '42'],
  ])('reads cluster id %s without losing a digit', (written, id) => {
    const yaml = `stateDirectory: state
policy: { approvers: { groups: [S1] } }
clusters: [{ name: a, endpoints: ['http://a:2379'], channels: [C1], clusterId: ${written} }]`;
    expect(sandbox.load(yaml).clusters[0]?.cluster.clusterId).toBe(id);
  });
});

describe('how much is answered and waited for', () => {
  it('is carried over', () => {
    const given = { limits: { perPerson: 1, perCluster: 7 }, redis: { waitForReplicas: 2 } };
    expect(sandbox.load(good(given))).toMatchObject({
      limits: { perPersonPerMinute: 1, perClusterPerMinute: 7 },
      redis: { waitForReplicas: 2 },
    });
  });
});

describe('a file that can’t be read', () => {
  it('is named, with how to name another', () => {
    const loaded = loadConfig('/nowhere/steward.yaml', TOKENS);
    expect(loaded).toEqual({
      ok: false,
      problems: [
        '/nowhere/steward.yaml does not exist; name the configuration with --config FILE or STEWARD_CONFIG',
      ],
    });
  });

  it.each([
    ['', 'is empty; begin with `clusters:`'],
    ['- a\n', 'is not a map of keys; begin with `clusters:`'],
    ['clusters:\n  - name: [a\n    endpoints: x\n', 'at line 3'],
    ['http: {}\nhttp: {}\n', 'at line 2'],
    ['a: 1\n---\nb: 1\n', 'multiple documents'],
  ])('%j is a problem: %s', (text, message) => {
    expect(sandbox.problems(text).join('\n')).toContain(message);
  });
});
