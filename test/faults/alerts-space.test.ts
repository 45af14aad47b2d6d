import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import type { Incident } from '../../src/domain/alerting/incident.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { membersOf } from '../e2e/truth.js';
import { aWatch, START_MS, watched } from './alerts-stage.js';
import { disarmAll } from './etcd-by-hand.js';
import { fillFast, fillTo } from './live-data.js';

const MIB = 1024 ** 2;

/** What is written is in the sizes at once, so that filling ends where it should. */
const PROMPT = ['--backend-batch-interval', '1ms'];

/** One story, told in the order of its titles. */
describe('Of a database that fills', () => {
  const watch = aWatch({ limits: { fragmentation: { least: 100_000 } } });
  let etcd: LocalEtcd;
  let cluster: Cluster;

  beforeAll(async () => {
    // So large that what a compaction itself takes, some hundred KiB, stays short of the alarm.
    etcd = await startEtcd({ version: '3.5', members: 1, quotaBytes: 32 * MIB, flags: PROMPT });
    cluster = watched('prod', etcd.endpoints);
  }, START_MS);

  afterAll(() => etcd.stop());

  async function compact(): Promise<void> {
    const [{ revision } = { revision: 0 }] = await membersOf(etcd);
    await etcd.etcdctl('compact', '--physical', String(revision));
  }

  it('it is a warning, then critical, then full, and in the end well again, in one incident', async () => {
    await watch.look(cluster);
    await fillTo(etcd, 0.82);
    await watch.looks(cluster, 2);
    const story = { cluster: 'prod', cause: 'space' };
    expect(await watch.stories()).toEqual([
      { ...story, is: 'firing warning', signals: ['quota-low warning'], events: ['opened'] },
    ]);
    await fillTo(etcd, 0.96);
    await watch.looks(cluster, 2);
    expect(await watch.stories()).toEqual([
      { ...story, is: 'firing critical', signals: ['quota-low critical'], events: ['opened', 'worse'] },
    ]);
    await fillFast(etcd);
    await watch.look(cluster);
    expect(await watch.stories()).toEqual([
      {
        ...story,
        is: 'firing critical',
        signals: ['nospace critical', '(quota-low critical)'],
        events: ['opened', 'worse', 'joined'],
      },
    ]);
    await compact();
    await etcd.etcdctl('defrag');
    await watch.looks(cluster, 2);
    // The alarm stays until somebody disarms it.
    expect((await watch.stories())[0]).toMatchObject({ is: 'firing critical' });
    await disarmAll(etcd);
    await watch.looks(cluster, 2);
    expect(await watch.stories()).toEqual([
      {
        ...story,
        is: 'resolved critical',
        signals: ['quota-low critical ended', 'nospace critical ended'],
        events: ['opened', 'worse', 'joined', 'resolved'],
      },
    ]);
  });

  it('a file that is large by free pages only is a warning to defragment, and never critical', async () => {
    await watch.look(cluster);
    await fillTo(etcd, 0.96);
    await compact();
    // The size in use is told anew with the next write.
    await etcd.etcdctl('put', 'one', 'more');
    // For a day it might be needed again.
    await watch.looks(cluster, 2);
    expect((await watch.incidents()).flatMap(({ signals }) => signals.map(({ rule }) => rule))).toEqual([
      'quota-low',
    ]);
    await watch.look(cluster, 25 * 3_600_000);
    await watch.looks(cluster, 2);
    const open = await watch.incidents();
    expect(open.map(({ worst }) => worst)).toEqual(open.map(() => 'warning'));
    expect(open.flatMap(({ signals }) => signals.map(({ rule }) => rule)).toSorted()).toEqual([
      'fragmentation',
      'quota-low',
    ]);
    expect(summaryOf(open, 'quota-low')).toMatch(/, but only \d+ % in use: a defragmentation helps$/);
    expect(summaryOf(open, 'fragmentation')).toMatch(
      /^m1 is fragmented: a defragmentation gives back about \d\d(\.\d)? MiB$/,
    );
    await etcd.etcdctl('defrag');
    await watch.looks(cluster, 2);
    const ended = await watch.incidents();
    expect(ended.map(({ state, worst }) => `${state} ${worst}`)).toEqual(open.map(() => 'resolved warning'));
    expect(await watch.seen(cluster)).toEqual([]);
  });
});

function summaryOf(incidents: readonly Incident[], rule: string): string | undefined {
  return incidents.flatMap(({ signals }) => signals).find((signal) => signal.rule === rule)?.summary;
}
