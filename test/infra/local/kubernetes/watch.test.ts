import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKubernetes, type LocalKubernetes } from '../../../../infra/local/kubernetes/index.js';
import { until } from '../../../../infra/local/until.js';
import { clientsOf, watchAll, type Clients, type Watching } from './client.js';

const PODS = '/api/v1/namespaces/shop/pods';

let kubernetes: LocalKubernetes;
let clients: Clients;

beforeAll(async () => {
  kubernetes = await startKubernetes({ bookmarkEveryMs: 20 });
  clients = clientsOf(kubernetes);
  kubernetes.addNode({ name: 'node-1' });
});

afterAll(() => kubernetes.stop());

async function revision(): Promise<string> {
  const { metadata } = await clients.core.listNamespacedPod({ namespace: 'shop' });
  return metadata!.resourceVersion!;
}

async function watching(query: Record<string, string | number | boolean> = {}): Promise<Watching> {
  return watchAll(clients.config, PODS, { resourceVersion: await revision(), ...query });
}

function kinds(watch: Watching, name: string): string[] {
  return watch.seen.filter((one) => one.name === name).map(({ type }) => type);
}

describe('watches of the simulated Kubernetes', () => {
  it("tell a pod's life from its birth to its end", async () => {
    const watch = await watching();
    kubernetes.addPod({ namespace: 'shop', name: 'short', fate: { runsForMs: 10 } });
    await until(() => kubernetes.pod('shop', 'short')?.status.phase === 'Succeeded', { what: 'it is over' });
    kubernetes.deletePod('shop', 'short');
    await until(() => kinds(watch, 'short').at(-1) === 'DELETED', { what: 'it is told that it is gone' });
    expect(new Set(kinds(watch, 'short'))).toEqual(new Set(['ADDED', 'MODIFIED', 'DELETED']));
    const revisions = watch.seen.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    watch.stop();
  });

  it('tell of a pod that leaves the selection as if it were deleted', async () => {
    const watch = await watching({ fieldSelector: 'status.phase=Pending' });
    kubernetes.addPod({ namespace: 'shop', name: 'starting' });
    await until(() => kinds(watch, 'starting').at(-1) === 'DELETED', { what: 'it is pending no more' });
    expect(kubernetes.pod('shop', 'starting')?.status.phase).toBe('Running');
    watch.stop();
  });

  it('begin where the list ended, and know what happened since', async () => {
    const before = await revision();
    kubernetes.addPod({ namespace: 'shop', name: 'between' });
    const watch = await watching({ resourceVersion: before });
    await until(() => kinds(watch, 'between').includes('ADDED'), { what: 'it is told of it' });
    watch.stop();
  });

  it('send bookmarks to those who want them', async () => {
    const watch = await watching({ allowWatchBookmarks: true, fieldSelector: 'metadata.name=nobody' });
    await until(() => watch.seen.length > 0, { what: 'a bookmark comes' });
    expect(watch.seen[0]).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'Pod', metadata: { resourceVersion: String(kubernetes.store.revision()) } },
    });
    watch.stop();
  });

  it('end by themselves at their timeout', async () => {
    const watch = await watching({ timeoutSeconds: 1 });
    expect(await watch.ended).toBeNull();
  });

  it('are told that their revision is too old, when they are opened', async () => {
    const old = await revision();
    kubernetes.faults.expireContinueTokens();
    const watch = await watching({ resourceVersion: old });
    await watch.ended;
    expect(watch.seen).toMatchObject([
      { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } },
    ]);
  });

  it('are told so in the middle, too', async () => {
    const watch = await watching();
    await until(() => kubernetes.requests().at(-1)?.verb === 'watch', { what: 'it is open' });
    kubernetes.faults.closeWatches('gone');
    await watch.ended;
    expect(watch.seen).toMatchObject([{ type: 'ERROR', object: { code: 410 } }]);
  });

  it('break when the connection does', async () => {
    const watch = await watching();
    kubernetes.faults.closeWatches('drop');
    expect(await watch.ended).toBeInstanceOf(Error);
  });
});
