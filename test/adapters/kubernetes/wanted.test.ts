import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wantedIn } from '../../../src/adapters/kubernetes/wanted.js';
import type { KubernetesReader } from '../../../src/domain/ports.js';
import type { Owner } from '../../../src/domain/kubernetes/records.js';
import { ms } from '../etcd/support.js';
import { accessTo, recorded, sourceOf, startAnswering, type Answering } from './server.js';

const WEB = JSON.parse(recorded('replicaset-web.json')) as {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly replicas: number };
};
const OWNER: Owner = { kind: 'ReplicaSet', name: WEB.metadata.name, uid: WEB.metadata.uid };

let server: Answering;
let reader: KubernetesReader;
let close: () => void;

beforeAll(async () => {
  server = await startAnswering();
  const access = accessTo(sourceOf(server.url));
  close = () => access.close();
  reader = access.reader('prod')!;
});
afterAll(async () => {
  close();
  await server.stop();
});

describe('how many pods a controller wants', () => {
  it('is read by its name, and counts only for the very same one', async () => {
    const { kind: _kind, ...item } = WEB as unknown as Record<string, unknown>;
    server.answer(() => ({ body: JSON.stringify({ metadata: {}, items: [item] }) }));
    expect(await reader.wantedBy('shop', OWNER, ms)).toBe(WEB.spec.replicas);
    expect(server.seen[0]).toMatchObject({
      path: '/apis/apps/v1/namespaces/shop/replicasets',
      query: { fieldSelector: `metadata.name=${OWNER.name}` },
    });
    expect(await reader.wantedBy('shop', { ...OWNER, uid: 'another' }, ms)).toBeNull();
  });

  it('is none where it is gone', async () => {
    server.answer(() => ({ body: '{"metadata":{},"items":[]}' }));
    expect(await reader.wantedBy('shop', OWNER, ms)).toBeNull();
  });

  it('is not known of kinds that are not Kubernetes’ own', async () => {
    await expect(reader.wantedBy('shop', { ...OWNER, kind: 'Database' }, ms)).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(reader.wantedBy('shop', { ...OWNER, kind: 'toString' }, ms)).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  it.each<[string, string, object, number]>([
    ['a ReplicaSet that says nothing', 'ReplicaSet', {}, 1],
    ['one that was scaled down', 'ReplicaSet', { spec: { replicas: 0 } }, 0],
    ['a DaemonSet', 'DaemonSet', { status: { desiredNumberScheduled: 3 } }, 3],
    ['a Job of one pod', 'Job', {}, 1],
    [
      'one that has one pod of two to go',
      'Job',
      { spec: { completions: 2, parallelism: 2 }, status: { succeeded: 1 } },
      1,
    ],
    ['one that runs two of ten at a time', 'Job', { spec: { completions: 10, parallelism: 2 } }, 2],
    ['a suspended Job', 'Job', { spec: { suspend: true } }, 0],
    ['a Job that failed', 'Job', { status: { conditions: [{ type: 'Failed', status: 'True' }] } }, 0],
  ])('%s', (_what, kind, item, wanted) => {
    const metadata = { namespace: 'shop', name: 'it', uid: 'u1' };
    expect(wantedIn({ kind, name: 'it', uid: 'u1' })({ metadata, ...item })).toBe(wanted);
  });
});
