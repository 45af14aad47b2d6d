import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { policyFor } from '../../src/domain/cluster.js';
import { windowText } from '../../src/domain/window.js';
import { loadCatalogue } from '../../src/adapters/catalogue.js';
import type { AlertRule } from '../../src/domain/alerting/rule.js';
import { configJsonSchema } from '../../src/config/schema.js';
import { KUBECONFIG, makeSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;

beforeAll(() => {
  sandbox = makeSandbox(RULES);
  sandbox.write('url', 'https://example.org/secret');
  sandbox.write('kubeconfig', KUBECONFIG);
});
afterAll(() => {
  sandbox.remove();
});

function read(path: string): string {
  return readFileSync(new URL(`../../infra/${path}`, import.meta.url), 'utf8');
}

/** The same with paths that exist here. */
function here(yaml: string): string {
  const at = (name: string) => `${sandbox.directory}/${name}`;
  const moved = yaml
    .replace('/etc/steward/ca.crt', at('ca.pem'))
    .replace('/etc/steward/client.crt', at('cert.pem'))
    .replace('/etc/steward/client.key', at('key.pem'))
    .replace('/etc/steward/password', at('password'))
    .replace('/etc/steward/operator.crt', at('cert.pem'))
    .replace('/etc/steward/operator.key', at('key.pem'))
    .replace('/etc/steward/operator-password', at('password'))
    .replace('/etc/steward/kubeconfig', at('kubeconfig'))
    .replace('/etc/steward/operator-kubeconfig', at('kubeconfig'))
    .replace('/etc/steward/heartbeat-url', at('url'))
    .replace('/etc/steward/webhook-url', at('url'))
    .replace(/\/etc\/steward\/(pagerduty-key|alertmanager-token|webhook-secret)/g, at('password'));
  const rooted = moved.replaceAll('/var/lib/steward', at('state'));
  return rooted.includes('stateDirectory:') ? rooted : `stateDirectory: ${at('state')}\n${rooted}`;
}

interface Shape {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Shape>>;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly additionalProperties?: Shape | boolean;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
}

/** As the program has them. */
const RULES = await loadCatalogue<AlertRule>(new URL('../../src/alerts/', import.meta.url));

const SCHEMA: Shape = configJsonSchema();

/** Every key of the schema; those of `kinds` are the kinds, each of which takes keys that are shown for all of them. */
function keysOf(shape: Shape): string[] {
  const { $ref, properties = {}, items, additionalProperties: rest, anyOf = [], oneOf = [] } = shape;
  if ($ref !== undefined) return keysOf(SCHEMA.$defs?.[$ref.replace('#/$defs/', '')] ?? {});
  const keys = Object.entries(properties).flatMap(([key, below]) => [
    key,
    ...(key === 'kinds' ? [] : keysOf(below)),
  ]);
  const below = [items ?? [], typeof rest === 'object' ? rest : [], anyOf, oneOf].flat();
  return [...keys, ...below.flatMap(keysOf)];
}

describe('the example of everything', () => {
  it('is a valid configuration', () => {
    const { clusters } = sandbox.load(here(read('config.example.yaml')));
    expect(clusters.map(({ cluster }) => [cluster.name, cluster.policy.approvals, cluster.channels])).toEqual(
      [
        // Where a route tells of it, its buttons work, too.
        ['calico-prod', 2, ['C0PLATFORM', 'C0ONCALL']],
        ['lab', 1, ['C0ALERTS']],
      ],
    );
  });

  it('shows values that the bot understands', () => {
    const { limits, redis, clusters } = sandbox.load(here(read('config.example.yaml')));
    expect(limits).toEqual({ perPersonPerMinute: 30, perClusterPerMinute: 120 });
    expect(redis).toEqual({ waitForReplicas: 0 });
    const { cluster, connection } = clusters[0]!;
    expect(cluster.windows.map(windowText)).toEqual(['Tue, Thu 02:00–05:00 Europe/Berlin']);
    expect(Object.keys(connection).sort()).toEqual([
      'auth',
      'kubernetes',
      'metrics',
      'operateAuth',
      'operateKubernetes',
      'operateTls',
      'tls',
    ]);
    expect(cluster).toMatchObject({ calico: true, kubernetes: { context: 'prod' } });
    expect(Object.keys(cluster.policies)).toEqual(['backup', 'fix']);
    expect(policyFor(cluster, 'fix')).toMatchObject({ approvals: 2, approveWithinMs: 600_000 });
    expect(clusters[1]?.cluster).toMatchObject({ windows: [], changes: true });
  });

  it('shows alerts that the bot understands', () => {
    const { alerts } = sandbox.load(here(read('config.example.yaml')));
    expect(alerts.limitsOf('calico-prod')['quota-low']).toMatchObject({ warning: 0.6 });
    expect(alerts.limitsOf('lab')['quota-low']).toMatchObject({ warning: 0.8 });
    expect(alerts.limitsOf('lab')['certificate-expiry']).toMatchObject({ warning: 1_814_400_000 });
    expect(alerts.routes).toHaveLength(1);
    expect(alerts.escalation).toEqual({ afterMs: 900_000, groups: ['S0ONCALL'], channel: 'C0MANAGERS' });
    expect(alerts.digest).toMatchObject({ every: 'week', atMinute: 480, weekday: 'mon' });
    expect(alerts.pagers.map(({ name }) => name)).toEqual(['pagerduty', 'alertmanager', 'our-pager']);
    expect(alerts.heartbeat?.url.reveal()).toBe('https://example.org/secret');
  });

  it('shows every key, under a comment of its own', () => {
    const lines = read('config.example.yaml').split('\n');
    const keys = keysOf(SCHEMA);
    expect(keys).toEqual(expect.arrayContaining(['approvers', 'windows', 'zone', 'operate', 'perPerson']));
    for (const key of keys) {
      expect(lines.some((line) => new RegExp(`[ {-]?\\b${key}: ?`).test(line) && !/^ *#/.test(line))).toBe(
        true,
      );
    }
  });
});

describe('the configuration for containers', () => {
  it('is valid once the ids are one’s own', () => {
    const config = sandbox.load(here(read('docker/steward.yaml')));
    expect(config.clusters[0]?.cluster.endpoints).toHaveLength(3);
  });
});

describe('the published JSON Schema', () => {
  it('is current (npm run build && node infra/config-schema.mjs)', () => {
    expect(JSON.parse(read('config.schema.json'))).toEqual(
      JSON.parse(JSON.stringify(configJsonSchema(RULES))),
    );
  });

  it('says what may be written, not what it becomes', () => {
    const text = JSON.stringify(configJsonSchema());
    expect(text).toContain('"settle":{');
    expect(text).not.toContain('settleMs');
    expect(configJsonSchema()).toMatchObject({ additionalProperties: false, required: ['clusters'] });
  });
});
