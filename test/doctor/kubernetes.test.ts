import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConfiguredCluster } from '../../src/config/config.js';
import { kubernetes } from '../../src/doctor/kubernetes.js';
import {
  json,
  recorded,
  refusal,
  sourceOf,
  startAnswering,
  type Answering,
} from '../adapters/kubernetes/server.js';

let server: Answering;

beforeAll(async () => {
  server = await startAnswering();
});
afterAll(async () => {
  await server.stop();
});

interface Attributes {
  readonly verb: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly path?: string;
}

/** Refuses what is named: `list pods`, `get /metrics`. */
function allowAllBut(...denied: readonly string[]): void {
  server.answer(({ path, body }) => {
    if (path === '/version') return { body: recorded('version.json') };
    const { spec } = body as {
      spec: { resourceAttributes?: Attributes; nonResourceAttributes?: Attributes };
    };
    const { verb, resource, subresource, path: url } = spec.resourceAttributes ?? spec.nonResourceAttributes!;
    const asked = `${verb} ${url ?? resource}${subresource ? `/${subresource}` : ''}`;
    return json({ status: { allowed: !denied.includes(asked) } }, 201);
  });
}

async function examine(operates: boolean, more: object = {}): Promise<{ well: boolean; lines: string[] }> {
  const lines: string[] = [];
  const entry = {
    cluster: { name: 'prod', calico: false, ...more },
    connection: { kubernetes: sourceOf(server.url) },
  } as unknown as ConfiguredCluster;
  const well = await kubernetes(entry, operates, (line) => {
    lines.push(line.replace(/127\.0\.0\.1:\d+/g, 'API'));
  });
  return { well, lines };
}

describe('the doctor, about a cluster’s Kubernetes', () => {
  it('finds nothing wrong', async () => {
    allowAllBut();
    expect(await examine(true)).toEqual({
      well: true,
      lines: [
        '✓ prod Kubernetes API: v1.36',
        '✓ prod Kubernetes API: our role has every right that it needs',
        '✓ prod Kubernetes API (as the one who operates): our role has every right that it needs',
      ],
    });
  });

  it('names each right that is missing, and what gives it', async () => {
    allowAllBut('list jobs', 'watch pods', 'create pods/eviction', 'get /metrics');
    const { well, lines } = await examine(true);
    expect(well).toBe(false);
    expect(lines.slice(1)).toEqual([
      '✓ prod Kubernetes API: without get /metrics, so how much it stores is not known',
      '✗ prod Kubernetes API: our role may not list jobs.batch, watch pods. infra/kubernetes/reader.yaml gives these rights.',
      expect.stringMatching(
        /may not list jobs\.batch, watch pods, create pods\/eviction\. infra\/kubernetes\/executor/,
      ),
    ]);
  });

  it('asks for Calico’s objects only where Calico keeps its data there', async () => {
    allowAllBut('list ipamblocks');
    expect((await examine(false)).well).toBe(false);
    expect((await examine(false, { calico: true })).well).toBe(true);
  });

  it('asks for the right to act only in roles that act', async () => {
    allowAllBut('create pods/eviction');
    expect((await examine(false)).well).toBe(true);
    expect((await examine(true)).well).toBe(false);
  });

  it('says that a version is older than those that were tried', async () => {
    server.answer(({ path }) =>
      path === '/version' ? json({ gitVersion: 'v1.27.3' }) : json({ status: { allowed: true } }),
    );
    expect((await examine(false)).lines[0]).toBe(
      '✓ prod Kubernetes API: v1.27.3, which is older than 1.28: not tried',
    );
  });

  it('says what to do where it does not get in', async () => {
    server.answer(() => refusal(401, 'Unauthorized'));
    expect(await examine(false)).toEqual({
      well: false,
      lines: [
        '✗ prod Kubernetes API: API does not accept our credentials: refused for Unauthorized. Check the user of this ' +
          'context: its token, certificate or plugin.',
      ],
    });
  });

  it('has nothing to say of a cluster without one', async () => {
    const entry = { cluster: { name: 'a' }, connection: {} } as unknown as ConfiguredCluster;
    expect(await kubernetes(entry, true, () => undefined)).toBe(true);
  });
});
