import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import { until } from '../../infra/local/until.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { areDefragmenting } from '../e2e/truth.js';
import { aWatch, START_MS, watched } from './alerts-stage.js';
import { catchDefragmenting } from './caught.js';
import {
  addMember,
  followersIn,
  idOf,
  joinMember,
  leaderIn,
  moveLeader,
  removeMember,
} from './etcd-by-hand.js';
import { MANY_AT_ONCE, writeKeys } from './live-data.js';
import { slow } from './slowed.js';

/** One cluster for all; it is as it was between the tests. */
describe('Of what is done to a cluster by hand', () => {
  const watch = aWatch();
  const undo: (() => unknown)[] = [];
  let etcd: LocalEtcd;
  let cluster: Cluster;
  let directory: string;

  beforeAll(async () => {
    const flags = ['--strict-reconfig-check=false', ...MANY_AT_ONCE];
    etcd = await startEtcd({ version: '3.5', members: 3, quotaBytes: 64 * 1024 ** 2, flags });
    directory = await mkdtemp(join(tmpdir(), 'etcd-steward-alerts-'));
    cluster = watched('prod', etcd.endpoints);
    await writeKeys(etcd.endpoints, 60_000);
  }, START_MS);

  // Whatever became of a test: what it has left behind would be the next one's trouble.
  afterEach(async () => {
    const failures: unknown[] = [];
    for (const back of undo.splice(0).toReversed()) {
      try {
        await back();
      } catch (error) {
        failures.push(error);
      }
    }
    expect(failures).toEqual([]);
  });

  /** Done at the end of the test, if it was not done before. */
  function atLast(act: () => Promise<unknown>): () => Promise<void> {
    let begun = false;
    const once = async (): Promise<void> => {
      if (begun) return;
      begun = true;
      await act();
    };
    undo.push(once);
    return once;
  }

  afterAll(async () => {
    await etcd.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('a member that is silent because it defragments is not called down', async () => {
    const [member] = await followersIn(etcd);
    const name = member!.name;
    await watch.look(cluster);
    const caught = catchDefragmenting(member!, () => undo.push(slow(member!)));
    const ended = etcd.etcdctl(`--endpoints=${member!.clientUrl}`, '--command-timeout=60s', 'defrag');
    await caught.inTheMiddle();
    caught.close();
    undo.unshift(() => ended);
    const isAtIt = async (): Promise<boolean> =>
      (await areDefragmenting(etcd))[etcd.members.indexOf(member!)] === true;
    await until(isAtIt, { what: `${name} says that it defragments` });
    const sampled = await watch.look(cluster);
    expect(await isAtIt()).toBe(true);
    const { status } = sampled.snapshot.facts;
    const silent = status?.known && status.value.filter(({ fact }) => !fact.known);
    expect(silent).toMatchObject([{ endpoint: member!.clientUrl }]);
    // Nor would it be at the next look.
    expect(await watch.seen(cluster)).toEqual([]);
  });

  it('a leader that moves four times within a quarter of an hour is told', async () => {
    await watch.look(cluster);
    const leader = await leaderIn(etcd);
    const [other] = await followersIn(etcd);
    for (const name of [other!.name, leader.name, other!.name, leader.name]) await moveLeader(etcd, name);
    await watch.looks(cluster, 2);
    const story = { cluster: 'prod', cause: 'leader' };
    expect(await watch.stories()).toEqual([
      { ...story, is: 'firing warning', signals: ['leader-changes warning'], events: ['opened'] },
    ]);
    await watch.looks(cluster, 16);
    expect(await watch.stories()).toMatchObject([{ is: 'resolved warning', events: ['opened', 'resolved'] }]);
  });

  /** Messages to other members that were lost so far, by member. */
  async function lost(): Promise<readonly number[]> {
    const pages = etcd.members.map(async ({ metricsUrl }) => (await fetch(metricsUrl)).text());
    return (await Promise.all(pages)).map((page) =>
      [...page.matchAll(/^etcd_network_peer_sent_failures_total\{.*\} (\S+)$/gm)]
        .map(([, count]) => Number(count))
        .reduce((sum, count) => sum + count, 0),
    );
  }

  it('a learner that never comes to anything is told, until it is gone', async () => {
    await watch.look(cluster);
    const id = await addMember(etcd, 'learner');
    const remove = atLast(() => removeMember(etcd, id));
    await watch.looks(cluster, 2);
    // What the leader cannot send to it would look like a broken network: more than six lost within a minute. They are
    // counted, however long they take, for a minute is no matter of looks.
    const before = await lost();
    await until(async () => (await lost()).some((count, member) => count > before[member]! + 2 * 0.1 * 60), {
      what: 'the leader misses it',
      timeoutMs: 60_000,
    });
    await watch.look(cluster);
    const rows = (await watch.deps.series.activity(cluster.name)).map(({ activity }) => activity.at(-1));
    expect(Math.max(...rows.map((row) => row?.peerSendFailures ?? 0))).toBeGreaterThan(0.1 * 60);
    const story = { cluster: 'prod', cause: 'learner' };
    expect(await watch.stories()).toEqual([
      { ...story, is: 'firing warning', signals: ['learner-stuck warning'], events: ['opened'] },
    ]);
    await remove();
    await watch.lookUntilEnded(cluster);
    expect(await watch.stories()).toMatchObject([{ is: 'resolved warning', events: ['opened', 'resolved'] }]);
  });

  it('a member with another quota than the rest is told, until it is gone', async () => {
    await watch.look(cluster);
    const joined = await joinMember(etcd, directory);
    const leave = atLast(async () => {
      await removeMember(etcd, BigInt(await idOf(etcd, 'm4')).toString(16));
      await joined.kill();
    });
    const larger = watched('prod', [...etcd.endpoints, joined.clientUrl]);
    await watch.reaches(larger);
    await watch.looks(larger, 2);
    const story = { cluster: 'prod', cause: 'quota-settings' };
    expect(await watch.stories()).toEqual([
      { ...story, is: 'firing warning', signals: ['quota-settings warning'], events: ['opened'] },
    ]);
    const [incident] = await watch.incidents();
    expect(incident!.signals[0]!.summary).toBe(
      'The quotas differ: m1: 64 MiB, m2: 64 MiB, m3: 64 MiB, m4: 2 GiB',
    );
    await leave();
    await watch.lookUntilEnded(cluster);
    expect(await watch.stories()).toMatchObject([{ is: 'resolved warning', events: ['opened', 'resolved'] }]);
  });
});
