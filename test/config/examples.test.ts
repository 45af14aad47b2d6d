import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { configJsonSchema } from '../../src/config/schema.js';
import { makeSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;

beforeAll(() => {
  sandbox = makeSandbox();
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
    .replace('/etc/steward/password', at('password'));
  const rooted = moved.replaceAll('/var/lib/steward', at('state'));
  return rooted.includes('stateDirectory:') ? rooted : `stateDirectory: ${at('state')}\n${rooted}`;
}

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

/** Every key of the schema that is not within a policy: those are the same in all three places. */
function keysOf(shape: Shape): string[] {
  const keys = Object.entries(shape.properties ?? {}).flatMap(([key, below]) => [key, ...keysOf(below)]);
  return [...keys, ...(shape.items === undefined ? [] : keysOf(shape.items))];
}

describe('the example of everything', () => {
  it('is a valid configuration', () => {
    const { clusters } = sandbox.load(here(read('config.example.yaml')));
    expect(clusters.map(({ cluster }) => [cluster.name, cluster.policy.approvals, cluster.channels])).toEqual(
      [
        ['calico-prod', 2, ['C0PLATFORM']],
        ['lab', 1, ['C0ALERTS']],
      ],
    );
  });

  it('shows every key, under a comment of its own', () => {
    const lines = read('config.example.yaml').split('\n');
    for (const key of keysOf(configJsonSchema())) {
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
    expect(JSON.parse(read('config.schema.json'))).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });

  it('says what may be written, not what it becomes', () => {
    const text = JSON.stringify(configJsonSchema());
    expect(text).toContain('"settle":{');
    expect(text).not.toContain('settleMs');
    expect(configJsonSchema()).toMatchObject({ additionalProperties: false, required: ['clusters'] });
  });
});
