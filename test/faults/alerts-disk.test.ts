import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import { startWriter, type Writer } from '../../infra/local/fill.js';
import { until } from '../../infra/local/until.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { aWatch, START_MS, watched } from './alerts-stage.js';
import { bursts } from './slowed.js';

/** In etcd's bucket above half a second, which is over the limits; below the next one. */
const STANDS_MS = 600;
/** A stand that lasts longer on a busy machine is no other story. */
const NEVER = 1e9;

describe('Of a slow disk', () => {
  const watch = aWatch({
    limits: {
      'wal-fsync-slow': { warning: 0.5, critical: NEVER },
      'backend-commit-slow': { warning: 0.25 },
    },
  });
  let etcd: LocalEtcd;
  let writer: Writer;
  let cluster: Cluster;

  beforeAll(async () => {
    // It commits all the time, so that it hardly ever stands where it waits for no disk.
    const flags = ['--backend-batch-interval', '1ms'];
    etcd = await startEtcd({ version: '3.5', members: 1, quotaBytes: 64 * 1024 ** 2, flags });
    writer = startWriter(etcd.endpoints, { valueBytes: 100, writesPerSecond: 1000 });
    cluster = watched('prod', etcd.endpoints);
  }, START_MS);

  afterAll(async () => {
    await writer.stop();
    await etcd.stop();
  });

  it('it is told while it lasts, by the times that etcd itself takes', async () => {
    await watch.look(cluster);
    await until(
      async () => {
        await bursts(etcd.members[0]!, { times: 3, standsMs: STANDS_MS });
        await watch.look(cluster);
        return (await watch.incidents()).length > 0;
      },
      { what: 'it is told', timeoutMs: 60_000 },
    );
    const [story] = await watch.stories();
    expect(story).toMatchObject({ cluster: 'prod', cause: 'disk', is: 'firing warning' });
    const [incident] = await watch.incidents();
    for (const { summary } of incident!.signals)
      expect(summary).toMatch(
        /^1 in 100 (WAL fsyncs|backend commits) on m1 takes \S+ m?s or longer; the limit is (500|250) ms$/,
      );
    // Five minutes on, nothing of it is in the window any more.
    await watch.looks(cluster, 9);
    const ended = await watch.stories();
    expect(ended).toMatchObject([{ cause: 'disk', is: 'resolved warning' }]);
    expect(ended[0]!.events.at(-1)).toBe('resolved');
    expect(await watch.seen(cluster)).toEqual([]);
  });
});
