import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Access } from '../../src/domain/ports.js';
import { membersOf } from '../e2e/truth.js';
import { aWatch, START_MS, watched } from './alerts-stage.js';
import { disarmAll } from './etcd-by-hand.js';
import { fillFast } from './live-data.js';

const SAMPLE_MS = 15_000;

/** Its Status does not tell of alarms; asking for them is a proposal, which a sick cluster should not get often. */
describe('Of the alarm on etcd 3.3', () => {
  let asked = 0;
  const watch = aWatch({ witness: (access) => counting(access, () => (asked += 1)) });
  let etcd: LocalEtcd;
  let cluster: Cluster;

  beforeAll(async () => {
    etcd = await startEtcd({ version: '3.3', members: 1, quotaBytes: 8 * 1024 ** 2 });
    cluster = watched('prod', etcd.endpoints);
  }, START_MS);

  afterAll(() => etcd.stop());

  async function minutes(count: number): Promise<void> {
    for (let samples = 0; samples < (count * 60_000) / SAMPLE_MS; samples += 1)
      await watch.look(cluster, SAMPLE_MS);
  }

  it('it is told within a minute, and asked for no more than once in it', async () => {
    await minutes(3);
    expect(asked).toBe(3);
    expect(await watch.stories()).toEqual([]);
    await fillFast(etcd);
    await minutes(1);
    expect(asked).toBe(4);
    const story = { cluster: 'prod', cause: 'space' };
    // It may arm the alarm at less than 95 % of the quota: what a write would take counts, too.
    expect(await watch.stories()).toEqual([
      {
        ...story,
        is: 'firing critical',
        signals: ['nospace critical', expect.stringMatching(/^\(quota-low (warning|critical)\)$/)],
        events: ['opened'],
      },
    ]);
    const [{ revision } = { revision: 0 }] = await membersOf(etcd);
    await etcd.etcdctl('compact', '--physical', String(revision));
    await etcd.etcdctl('defrag');
    await disarmAll(etcd);
    await minutes(3);
    expect(asked).toBe(7);
    expect(await watch.stories()).toEqual([
      {
        ...story,
        is: 'resolved critical',
        signals: ['nospace critical ended', expect.stringMatching(/^quota-low (warning|critical) ended$/)],
        events: ['opened', 'resolved'],
      },
    ]);
  });
});

function counting(access: Access, count: () => void): Access {
  return {
    ...access,
    reader(cluster) {
      const { members } = access.reader(cluster);
      return {
        members: members.map((member) => ({
          ...member,
          alarms: (deadlineMs: number) => {
            count();
            return member.alarms(deadlineMs);
          },
        })),
      };
    },
  };
}
