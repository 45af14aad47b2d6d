import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load.js';
import { cluster, good, makeSandbox, RULES, type Sandbox, TOKENS } from './sandbox.js';

let sandbox: Sandbox;

beforeAll(() => {
  sandbox = makeSandbox();
  sandbox.write('password-url', 'http://h/');
});
afterAll(() => {
  sandbox.remove();
});

const FULL = good({
  http: { host: '127.0.0.1', port: 0 },
  monitor: { interval: '15s', metricsInterval: '60s' },
  environments: {
    live: { policy: { approvals: 1 }, alerts: { thresholds: { 'quota-low': { for: '1m' } } } },
  },
  alerts: {
    thresholds: { 'quota-low': { warning: 0.8 } },
    routes: [{ clusters: ['prod'], environments: ['live'], severities: ['critical'], channel: 'C1' }],
    reminders: { first: '1h', most: '1d' },
    escalation: { after: '15m', groups: ['S1'], channel: 'C1' },
    digest: { every: 'week', at: '08:00', day: 'mon', zone: 'UTC' },
    heartbeat: { url: 'http://h/', every: '1m' },
    pagers: [
      { kind: 'pagerduty', name: 'p', routingKeyFile: 'password', url: 'http://p' },
      { kind: 'alertmanager', url: 'http://a', bearerTokenFile: 'password' },
      { kind: 'webhook', urlFile: 'password-url', secretFile: 'password' },
    ],
  },
  limits: { perPerson: 30, perCluster: 120 },
  redis: { waitForReplicas: 1 },
  audit: { file: 'audit.jsonl' },
  clusters: [
    cluster({
      aliases: ['a'],
      environment: 'live',
      endpoints: ['https://a:2379'],
      metrics: ['https://a:2379/metrics'],
      clusterId: '1',
      tls: { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem' },
      auth: { username: 'u', passwordFile: 'password' },
      quota: '2GiB',
      channels: ['C1'],
      backup: { directory: '/b', keep: 1 },
      operate: {
        tls: { cert: 'cert.pem', key: 'key.pem' },
        auth: { username: 'o', passwordFile: 'password' },
      },
      changes: 'off',
      windows: [{ days: ['sun'], from: '02:00', to: '05:00', zone: 'UTC' }],
      alerts: { thresholds: { 'quota-low': { warning: '70%' } } },
      policy: {
        viewers: { users: ['U1'], groups: ['S1'] },
        outsideWindow: { users: ['U2'] },
        emergency: { groups: ['S1'] },
        kinds: { fix: { approvals: 2, operators: { users: ['U1'] } } },
      },
    }),
  ],
});

const STRANGE = [null, 5, -1, 1.5, 'x', '', true, [], {}, [null], [{}], [[]], { x: 1 }, { users: [null] }];

type Path = readonly (string | number)[];

/** The path of every value, the maps and lists themselves among them. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return [path, ...keys.flatMap((key) => pathsOf(Reflect.get(value, key), [...path, key]))];
}

/** The stand-in for a missing `stateDirectory` is outside of the sandbox, so the whole is not replaced. */
const PATHS = pathsOf(FULL).filter((path) => path.length > 0);

function replaced(path: Path, strange: unknown): unknown {
  const copy = structuredClone(FULL);
  const owner = path.slice(0, -1).reduce<object>((value, key) => Reflect.get(value, key) as object, copy);
  Reflect.set(owner, path.at(-1) ?? '', strange);
  return copy;
}

describe('anything in place of any value', () => {
  it('has a place in a configuration that is right', () => {
    expect(sandbox.problems(FULL)).toEqual([]);
  });

  it.each(PATHS.map((path) => path.join('.')))('at "%s" is taken or refused, and never breaks', (at) => {
    const path = PATHS.find((candidate) => candidate.join('.') === at) ?? [];
    for (const strange of STRANGE) {
      // JSON is YAML.
      const file = sandbox.write('steward.yaml', JSON.stringify(replaced(path, strange)));
      const loaded = loadConfig(file, TOKENS, { rules: RULES });
      const text = loaded.ok ? '' : loaded.problems.join('\n');
      expect(loaded.ok || loaded.problems.length > 0).toBe(true);
      expect(text).not.toMatch(/undefined|\[object|Invalid input/);
    }
  });
});
