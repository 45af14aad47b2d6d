import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { aWatch, START_MS, watched } from './alerts-stage.js';
import { startForwarder, type Forwarder } from './forwarder.js';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const SAMPLE_MS = 15_000;

/** One etcd by five names, each on a way of its own: what breaks is never etcd, but the way there. */
describe('Of the network of the monitor', () => {
  const watch = aWatch();
  const ways: Forwarder[] = [];
  let etcd: LocalEtcd;
  let clusters: Cluster[];

  beforeAll(async () => {
    etcd = await startEtcd({ version: '3.5', members: 1, quotaBytes: 8 * 1024 ** 2 });
    for (const _name of NAMES) ways.push(await startForwarder(Number(new URL(etcd.endpoints[0]!).port)));
    clusters = NAMES.map((name, at) => watched(name, [ways[at]!.url.replace('redis:', 'http:')]));
  }, START_MS);

  afterAll(async () => {
    await Promise.all(ways.map((way) => way.close()));
    await etcd.stop();
  });

  /** What one interval brings: a sample of each, and a look at the monitoring itself. */
  async function interval(): Promise<void> {
    watch.wait(SAMPLE_MS);
    for (const cluster of clusters) await watch.look(cluster, 0);
    await watch.survey();
  }

  async function intervals(count: number): Promise<void> {
    for (let done = 0; done < count; done += 1) await interval();
  }

  it('it is told once that I am blind, and nothing of the members that I cannot see', async () => {
    watch.deps.clusters = clusters;
    await intervals(2);
    expect(await watch.stories()).toEqual([]);
    const dark = ways.slice(0, 3);
    await Promise.all(dark.map((way) => way.shut()));
    await intervals(6);
    const story = { cluster: '*', cause: 'monitor' };
    expect(await watch.stories()).toEqual([
      { ...story, is: 'firing critical', signals: ['monitor-blind critical'], events: ['opened'] },
    ]);
    const [incident] = await watch.incidents();
    expect(incident!.signals[0]!.summary).toMatch(/^I am blind: 3 of 5 clusters cannot be read/);
    expect(incident!.signals[0]!.evidence[0]).toBe('Not read: a, b and c');
    // They are seen to be away all the same: it is held, not missed.
    expect(await watch.seen(clusters[0]!)).toEqual(
      expect.arrayContaining(['members-down warning', 'insufficient-members critical']),
    );
    await Promise.all(dark.map((way) => way.open()));
    await Promise.all(clusters.map((cluster) => watch.reaches(cluster)));
    await intervals(4);
    expect(await watch.stories()).toEqual([
      {
        ...story,
        is: 'resolved critical',
        signals: ['monitor-blind critical ended'],
        events: ['opened', 'resolved'],
      },
    ]);
    expect(await watch.seen(clusters[0]!)).toEqual([]);
  });

  it('two of them that are away are told for themselves', async () => {
    watch.deps.clusters = clusters;
    await intervals(2);
    const dark = ways.slice(0, 2);
    await Promise.all(dark.map((way) => way.shut()));
    await intervals(4);
    expect(await watch.stories()).toEqual(
      ['a', 'b'].map((cluster) => ({
        cluster,
        cause: 'members',
        is: 'firing critical',
        signals: ['insufficient-members critical', '(members-down warning)'],
        events: ['opened'],
      })),
    );
    await Promise.all(dark.map((way) => way.open()));
    await Promise.all(clusters.map((cluster) => watch.reaches(cluster)));
    await intervals(4);
    expect(await watch.stories()).toMatchObject(
      ['a', 'b'].map((cluster) => ({ cluster, is: 'resolved critical', events: ['opened', 'resolved'] })),
    );
  });
});
