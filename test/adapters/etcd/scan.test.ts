import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../../infra/local/etcd.js';
import { writeKeys, type KeyToWrite } from '../../../infra/local/keys.js';
import { until } from '../../../infra/local/until.js';
import { systemClock } from '../../../src/adapters/system.js';
import { keyRows, totalOf } from '../../../src/domain/keys/rows.js';
import { makeChurn } from '../../../src/domain/keys/churn.js';
import { nothingSeen, scan, type Seen } from '../../../src/engine/keys/scan.js';
import { watch } from '../../../src/engine/keys/watch.js';
import type { KeyScanner } from '../../../src/domain/keyspace.js';
import { connect, enableAuth, failure, leaderFirst, ms, plain, type Member } from './support.js';

const KEYS = 20_000;
const FOLDERS = ['events', 'pods', 'leases', 'crd.projectcalico.org/ipamhandles'];

function* entries(): Generator<KeyToWrite> {
  for (let index = 0; index < KEYS; index++) {
    const folder = FOLDERS[index % FOLDERS.length] ?? '';
    const hash = ((index * 2_654_435_761) % 2 ** 32).toString(16);
    yield {
      key: `/registry/${folder}/ns-${String(index % 13)}/job-${hash}-${String(index)}`,
      bytes: 50 + (index % 300),
    };
  }
}

function range(prefix: string) {
  const from = Buffer.from(prefix);
  return { from, end: Buffer.from([...from.subarray(0, -1), (from.at(-1) ?? 0) + 1]) };
}

async function scanned(
  keyspace: KeyScanner,
  {
    readAll = false,
    prefix = '/registry/',
    between,
  }: { readAll?: boolean; prefix?: string; between?: () => Promise<void> },
): Promise<Seen> {
  const rate = between ? 5000 : null;
  const settings = { prefix, range: range(prefix), rate, gentle: false, readAll };
  const seen = nothingSeen(settings);
  const end = await scan({ keyspace, clock: systemClock }, { ...settings, seen }, async () => {
    await between?.();
    return null;
  });
  expect(end).toEqual({ kind: 'done' });
  return seen;
}

describe.each(['3.4', '3.5'] as const)('the keys of etcd %s', (version) => {
  let etcd: LocalEtcd;
  let members: Member[];
  let follower: Member;

  beforeAll(async () => {
    etcd = await startEtcd({ version, members: 3 });
    members = connect(etcd);
    [, follower] = await leaderFirst(members);
    await writeKeys(etcd.endpoints[0] ?? '', entries());
    await until(async () => (await follower.countKeys(ms)) === KEYS, { what: 'the follower has all keys' });
  });

  afterAll(async () => {
    members.forEach((member) => member.close());
    await etcd.stop();
  });

  it('are counted as etcdctl counts them, each folder', async () => {
    const seen = await scanned(follower.keyspace, {});
    for (const { prefix, keys } of keyRows(seen.groups.list(), null)) {
      const counted = await etcd.etcdctl('get', '--prefix', prefix, '--limit=1', '-w', 'fields');
      expect([prefix, keys]).toEqual([prefix, Number(/"Count" : (\d+)/.exec(counted)?.[1])]);
    }
    expect(totalOf(seen.groups.list())).toMatchObject({ keys: KEYS, revisions: KEYS });
    expect(seen.about).toBe(KEYS);
  });

  it('have the bytes that were written, by a sample within its margin and by all values exactly', async () => {
    const truth = [...entries()].reduce((sum, { key, bytes }) => sum + key.length + bytes, 0);
    const all = totalOf((await scanned(follower.keyspace, { readAll: true })).groups.list());
    expect(all).toMatchObject({ bytes: truth, margin: 0 });
    const sampled = totalOf((await scanned(follower.keyspace, {})).groups.list());
    expect(Math.abs(sampled.bytes - truth)).toBeLessThanOrEqual(2 * sampled.margin);
    expect(sampled.margin / truth).toBeLessThan(0.1);
  });

  it('are counted to the end though their revision is compacted meanwhile, and the counts say so', async () => {
    let pages = 0;
    const seen = await scanned(follower.keyspace, {
      between: async () => {
        if (++pages !== 3) return;
        await etcd.etcdctl('put', 'elsewhere', '1');
        const { revision } = await follower.status(ms);
        await etcd.etcdctl('compact', String(revision));
        await until(() => follower.hasCompacted(revision - 1, ms), { what: 'the follower has compacted' });
      },
    });
    const [first, last] = seen.revisions ?? [0, 0];
    expect(last).toBeGreaterThan(first);
    expect(seen.keys).toBe(KEYS);
  });

  it('are told of while they change, and no longer than asked for', async () => {
    const churn = makeChurn('');
    const progress = { watchedMs: 0 };
    let told = false;
    const settings = { prefix: '', range: range('/registry/'), forMs: 1500, churn };
    const end = await watch(
      { keyspace: follower.keyspace, clock: systemClock, progress },
      settings,
      async () => {
        if (told || progress.watchedMs === 0) return null;
        told = true;
        const lease = /lease (\S+)/.exec(await etcd.etcdctl('lease', 'grant', '300'))?.[1] ?? '';
        await etcd.etcdctl('put', '/registry/events/new', 'twelve bytes');
        await etcd.etcdctl('put', `--lease=${lease}`, '/registry/events/new', 'four');
        await etcd.etcdctl('del', '/registry/events/new');
        await etcd.etcdctl('put', 'elsewhere', '2');
        return null;
      },
    );
    expect(end).toEqual({ kind: 'done' });
    const bytes = 2 * '/registry/events/new'.length + 'twelve bytes'.length + 'four'.length;
    expect(churn.total()).toEqual({ writes: 2, deletes: 1, bytes });
    expect([churn.created(), churn.leased(), churn.leases()]).toEqual([1, 1, 1]);
    expect(churn.keys(new Map())).toMatchObject([{ key: '/registry/events/new', writes: 2, deletes: 1 }]);
  });

  it('are refused to a user without the right, as such: pages, lengths and changes', async () => {
    await enableAuth(etcd);
    const [limited] = connect(etcd, { auth: plain });
    const all = range('/registry/');
    const query = { ...all, limit: 10, revision: null, keysOnly: true };
    expect((await failure(limited!.keyspace.batch(query, ms))).code).toBe('denied');
    const sizes = limited!.keyspace.valueSizes({ keys: [Buffer.from('/registry/a')], revision: null }, ms);
    expect((await failure(sizes)).code).toBe('denied');
    const settings = { prefix: '', range: all, forMs: 1000, churn: makeChurn('') };
    const deps = { keyspace: limited!.keyspace, clock: systemClock, progress: { watchedMs: 0 } };
    const end = await watch(deps, settings, () => Promise.resolve(null));
    expect(end).toMatchObject({ kind: 'refused', reason: expect.stringContaining('permission denied') });
    limited!.close();
  });
});
