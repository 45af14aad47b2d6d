import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../../infra/local/etcd.js';
import { startWriter } from '../../../infra/local/fill.js';
import { until } from '../../../infra/local/until.js';
import { keyPages, type KeyReading } from '../../../src/domain/key-pages.js';
import { afterKey, afterPrefix, type KeyEntry, type KeyPageQuery } from '../../../src/domain/keyspace.js';
import { makeWriter, type EtcdWriter } from '../../etcd-writer.js';
import { connectTo, enableAuth, failure, ms, root, type Member } from './support.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function query(prefix: string | Uint8Array, more: Partial<KeyPageQuery> = {}): KeyPageQuery {
  const from = typeof prefix === 'string' ? bytes(prefix) : prefix;
  return { from, end: afterPrefix(from), limit: 100, revision: null, keysOnly: false, ...more };
}

const told = (entries: readonly KeyEntry[]): string[] => entries.map(({ key }) => key.toString());

describe('where a range ends', () => {
  it.each([
    [[0x61], [0x62]],
    [[0x61, 0xff], [0x62]],
    [
      [0x61, 0xff, 0x00],
      [0x61, 0xff, 0x01],
    ],
    [[0xff, 0xff], [0x00]],
    [[], [0x00]],
  ])('after all keys that begin with %j comes %j', (prefix, end) => {
    expect([...afterPrefix(Uint8Array.from(prefix))]).toEqual(end);
  });

  it('the first key after one is it and a zero byte', () => {
    expect([...afterKey(Uint8Array.of(0x61, 0xff))]).toEqual([0x61, 0xff, 0x00]);
  });
});

describe.each(['3.4', '3.5'] as const)('the keys of etcd %s', (version) => {
  let etcd: LocalEtcd;
  let member: Member;
  let writer: EtcdWriter;

  beforeAll(async () => {
    etcd = await startEtcd({ version, members: 1 });
    member = connectTo(etcd.members[0]!);
    writer = makeWriter(etcd.endpoints);
  });

  afterAll(async () => {
    writer.close();
    member.close();
    await etcd.stop();
  });

  async function put(key: string, value: string): Promise<void> {
    await etcd.etcdctl('put', key, value);
  }

  it('come with values, revisions and how often they were written', async () => {
    await put('/told/a', '1');
    await put('/told/a', '22');
    await put('/told/b', '');
    const page = await member.keyspace.page(query('/told/'), ms);
    const { revision } = await member.status(ms);
    expect(page).toMatchObject({ revision, more: false });
    expect(page.entries).toEqual([
      { key: Buffer.from('/told/a'), value: Buffer.from('22'), modRevision: revision - 1, version: 2 },
      { key: Buffer.from('/told/b'), value: Buffer.alloc(0), modRevision: revision, version: 1 },
    ]);
    const [bare] = (await member.keyspace.page(query('/told/', { keysOnly: true }), ms)).entries;
    expect(bare).toMatchObject({ value: Buffer.alloc(0), version: 2 });
  });

  it('come at one revision, page after page, while others write', async () => {
    await writer.put(['a', 'b', 'c', 'd'].map((name) => [`/pages/${name}`, 'old']));
    const first = await member.keyspace.page(query('/pages/', { limit: 2 }), ms);
    expect(first).toMatchObject({ more: true });
    await put('/pages/c', 'new');
    await put('/pages/cc', 'new');
    await etcd.etcdctl('del', '/pages/d');
    const from = afterKey(first.entries[1]!.key);
    const rest = await member.keyspace.page(
      { ...query('/pages/'), ...{ from, limit: 2, revision: first.revision } },
      ms,
    );
    expect(rest.entries.map(({ key, value }) => `${key.toString()} ${value.toString()}`)).toEqual([
      ...['/pages/c old', '/pages/d old'],
    ]);
    expect(rest).toMatchObject({ more: false, revision: first.revision });
  });

  it('may be any bytes, and none of them is lost between pages', async () => {
    const names = [[0x00], [0x00, 0x00], [0x7f], [0x80], [0xff], [0xff, 0xff]].map((end) =>
      Buffer.from([0xfe, ...end]),
    );
    await writer.put(names.map((name) => [name, 'x']));
    const seen: Buffer[] = [];
    const reading: KeyReading = { keyspace: member.keyspace, endpoint: 'x', revision: null, left: () => ms };
    const prefix = Uint8Array.of(0xfe);
    for await (const page of keyPages(reading, { from: prefix, end: afterPrefix(prefix), keysOnly: true })) {
      seen.push(...page.map(({ key }) => key));
    }
    expect(seen).toEqual(names);
    const one = await member.keyspace.page(query(prefix, { limit: 1 }), ms);
    const next = { from: afterKey(one.entries[0]!.key), end: afterPrefix(prefix), limit: 1 };
    const two = await member.keyspace.page({ ...query(prefix), ...next }, ms);
    expect([...one.entries, ...two.entries].map(({ key }) => key)).toEqual(names.slice(0, 2));
  });

  it('are gone at a revision that was compacted', async () => {
    await put('/gone/a', '1');
    const { revision } = await member.keyspace.page(query('/gone/'), ms);
    await put('/gone/a', '2');
    await member.compact(revision + 1, ms);
    const error = await failure(member.keyspace.page(query('/gone/', { revision }), ms));
    expect(error).toMatchObject({ code: 'compacted', retryable: false });
  });

  it('are read in pages that follow their weight, all at the first one’s revision', async () => {
    const value = 'x'.repeat(16_384);
    await writer.put(Array.from({ length: 400 }, (_, index) => [`/weight/${String(index)}`, value]));
    const others = startWriter(etcd.endpoints, { keys: 20, valueBytes: 100, writesPerSecond: 500 });
    try {
      await until(() => others.stats().writes > 20, { what: 'others write' });
      const reading: KeyReading = {
        keyspace: member.keyspace,
        endpoint: 'x',
        revision: null,
        left: () => ms,
      };
      const from = bytes('/weight/');
      const sizes: number[] = [];
      const revisions = new Set<number | null>();
      for await (const page of keyPages(reading, { from, end: afterPrefix(from), keysOnly: false })) {
        sizes.push(page.reduce((sum, { value }) => sum + value.length, 0));
        revisions.add(reading.revision);
      }
      expect(revisions.size).toBe(1);
      // 400 values of 16 KiB; no page is larger than 1 MiB.
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(400 * 16_384);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 ** 2);
    } finally {
      await others.stop();
    }
  });

  it('are not waited for beyond the deadline', async () => {
    etcd.members[0]!.pause();
    try {
      const begun = performance.now();
      expect(await failure(member.keyspace.page(query('/told/'), 300))).toMatchObject({ code: 'timeout' });
      expect(performance.now() - begun).toBeLessThan(2000);
    } finally {
      etcd.members[0]!.resume();
    }
    const left = { keyspace: member.keyspace, endpoint: 'm1', revision: null, left: () => 0 };
    const pages = keyPages(left, { from: bytes('/'), end: afterPrefix(bytes('/')), keysOnly: true });
    expect(await failure(pages.next())).toMatchObject({ code: 'timeout', target: 'm1' });
  });

  // The last: afterwards only users come in.
  it('are shown only where the user may look', async () => {
    await etcd.etcdctl('role', 'add', 'looks');
    await etcd.etcdctl('role', 'grant-permission', 'looks', '--prefix=true', 'read', '/told/');
    await enableAuth(etcd);
    const as = ['--user', `${root.username}:${root.password}`];
    await etcd.etcdctl('user', 'grant-role', 'plain', 'looks', ...as);
    const plain = connectTo(etcd.members[0]!, { auth: { username: 'plain', password: 'plain-password' } });
    try {
      expect(told((await plain.keyspace.page(query('/told/'), ms)).entries)).toEqual(['/told/a', '/told/b']);
      expect(await failure(plain.keyspace.page(query('/pages/'), ms))).toMatchObject({ code: 'denied' });
      expect(await failure(plain.keyspace.page(query('/'), ms))).toMatchObject({ code: 'denied' });
    } finally {
      plain.close();
    }
  });
});
