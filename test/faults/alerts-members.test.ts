import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { aWatch, START_MS, watched } from './alerts-stage.js';
import { followersIn } from './etcd-by-hand.js';

const MIB = 1024 ** 2;

/** One cluster for all; it is well between the tests. */
describe('Of members that are away', () => {
  const watch = aWatch();
  let etcd: LocalEtcd;
  let cluster: Cluster;

  beforeAll(async () => {
    etcd = await startEtcd({ version: '3.5', members: 3, quotaBytes: 16 * MIB });
    cluster = watched('prod', etcd.endpoints);
  }, START_MS);

  afterAll(() => etcd.stop());

  it('nothing is told while all of them are there', async () => {
    await watch.looks(cluster, 3);
    expect(await watch.stories()).toEqual([]);
    expect(await watch.seen(cluster)).toEqual([]);
  });

  it('one that is down is a warning, until it is back', async () => {
    await watch.look(cluster);
    const [fallen] = await followersIn(etcd);
    await fallen!.kill();
    await watch.looks(cluster, 2);
    expect(await watch.stories()).toEqual([
      {
        cluster: 'prod',
        cause: 'members',
        is: 'firing warning',
        signals: ['members-down warning'],
        events: ['opened'],
      },
    ]);
    const [incident] = await watch.incidents();
    expect(incident!.signals[0]!.summary).toBe(`${fallen!.name} is down: 2 of 3 voters are up, 2 are needed`);
    await fallen!.start({ healthy: true });
    await watch.reaches(cluster);
    await watch.lookUntilEnded(cluster);
    expect(await watch.stories()).toMatchObject([
      { is: 'resolved warning', signals: ['members-down warning ended'], events: ['opened', 'resolved'] },
    ]);
  });

  it('two that are down are one critical incident, until they are back', async () => {
    await watch.look(cluster);
    const [one, other] = await followersIn(etcd);
    await Promise.all([one!.kill(), other!.kill()]);
    // The leader that is left takes an election timeout to give up.
    await watch.lookUntil(cluster, 'there is no leader', ({ signals }) =>
      signals.some(({ rule }) => rule === 'no-leader'),
    );
    const story = { cluster: 'prod', cause: 'members' };
    expect(await watch.stories()).toEqual([
      {
        ...story,
        is: 'firing critical',
        signals: ['insufficient-members critical', '(no-leader critical)', '(members-down warning)'],
        events: ['opened'],
      },
    ]);
    await Promise.all([one!.start({ healthy: true }), other!.start({ healthy: true })]);
    await watch.reaches(cluster);
    await watch.lookUntilEnded(cluster);
    expect(await watch.stories()).toMatchObject([
      { is: 'resolved critical', events: ['opened', 'resolved'] },
    ]);
  });
});
