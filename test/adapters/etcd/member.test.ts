import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../../infra/local/etcd.js';
import { until } from '../../../infra/local/until.js';
import { collect, connect, failure, leaderFirst, ms, versions, type Member } from './support.js';

describe.each(versions)('a member of etcd %s', (version) => {
  let etcd: LocalEtcd;
  let members: Member[];
  let first: Member;

  beforeAll(async () => {
    etcd = await startEtcd({ version, members: 3 });
    members = connect(etcd);
    first = members[0]!;
  });

  afterAll(async () => {
    members.forEach((member) => member.close());
    await etcd.stop();
  });

  it('tells its status, and null for what its version does not say', async () => {
    const status = await first.status(ms);
    expect(status).toMatchObject({ version: etcd.version, quotaBytes: null, learner: false });
    expect(status.sizeBytes).toBeGreaterThan(0);
    expect(status.revision).toBeGreaterThanOrEqual(1);
    expect(status.term).toBeGreaterThan(1);
    const newer = { inUseBytes: expect.any(Number), appliedIndex: expect.any(Number), errors: [] };
    expect(status).toMatchObject(
      version === '3.3' ? { inUseBytes: null, appliedIndex: null, errors: null } : newer,
    );
  });

  it('never rounds an id', async () => {
    const listed = (await etcd.etcdctl('member', 'list')).trim().split('\n');
    const ids = listed.map((line) => BigInt(`0x${line.split(',')[0]!}`).toString());
    const members3 = await first.memberList(ms);
    expect(members3.map(({ id }) => id).sort()).toEqual(ids.sort());
    expect(ids.some((id) => BigInt(Number(id)) !== BigInt(id))).toBe(true);
    expect(ids).toContain((await first.status(ms)).memberId);
  });

  it('lists the members with their client URLs', async () => {
    const listed = await first.memberList(ms);
    expect(listed.map(({ name }) => name).sort()).toEqual(['m1', 'm2', 'm3']);
    expect(listed.flatMap(({ clientUrls }) => clientUrls).sort()).toEqual([...etcd.endpoints].sort());
    expect(listed.every(({ learner }) => !learner)).toBe(true);
  });

  it('takes a probe write and keeps nothing of it', async () => {
    const { revision } = await first.status(ms);
    await first.writeProbe(ms);
    expect((await first.status(ms)).revision).toBe(revision + 2);
    expect(await first.countKeys(ms)).toBe(0);
  });

  it('counts the keys that exist now', async () => {
    await etcd.etcdctl('put', 'a', '1');
    await etcd.etcdctl('put', 'a', '2');
    await etcd.etcdctl('put', 'b', '1');
    expect(await first.countKeys(ms)).toBeGreaterThanOrEqual(1);
    await until(async () => (await first.countKeys(ms)) === 2, { what: 'both keys have come' });
  });

  it('has compacted a revision exactly when a compaction was at it or above', async () => {
    await etcd.etcdctl('put', 'c', '1');
    await etcd.etcdctl('put', 'c', '2');
    const { revision } = await first.status(ms);
    expect(await first.hasCompacted(revision, ms)).toBe(false);
    await first.compact(revision, ms);
    expect(await first.hasCompacted(revision - 1, ms)).toBe(true);
    expect(await first.hasCompacted(revision, ms)).toBe(true);
    expect(await first.hasCompacted(revision + 1, ms)).toBe(false);
    expect(await first.hasCompacted(revision + 1_000, ms)).toBe(false);
  });

  it('says compacted when asked to compact twice at the same revision', async () => {
    const before = (await first.status(ms)).revision;
    await etcd.etcdctl('put', 'd', '1');
    // etcdctl may have asked another member: this one may still be behind, at a revision compacted already.
    await until(async () => (await first.status(ms)).revision > before, {
      what: 'the write has come to this member',
    });
    const { revision } = await first.status(ms);
    await first.compact(revision, ms);
    expect(await failure(first.compact(revision, ms))).toMatchObject({ code: 'compacted', retryable: false });
  });

  it('moves the leadership, when the leader is asked', async () => {
    const [leader, follower, other] = await leaderFirst(members);
    const to = (await other.status(ms)).memberId;
    expect(await failure(follower.moveLeader(to, ms))).toMatchObject({ code: 'not-leader' });
    await leader.moveLeader(to, ms);
    for (const member of members) {
      await until(async () => (await member.status(ms)).leaderId === to, { what: 'the leader has changed' });
    }
  });

  it('refuses to disarm all, an unknown member, or anything but NOSPACE', async () => {
    const { memberId } = await first.status(ms);
    for (const alarm of [
      { memberId: '0', kind: 'NOSPACE' },
      { memberId: '', kind: 'NOSPACE' },
      { memberId: '0', kind: 'UNKNOWN' },
      { memberId, kind: 'CORRUPT' },
    ] as const) {
      await expect(first.disarm(alarm, ms)).rejects.toThrow(/disarmed/);
    }
  });

  it('streams a whole database, whose trailing SHA-256 fits', async () => {
    const content = await collect(first.snapshot(ms));
    expect(content.length % 512).toBe(32);
    const database = content.subarray(0, -32);
    expect(createHash('sha256').update(database).digest()).toEqual(content.subarray(-32));
  });

  it('ends the stream quietly when its reader leaves', async () => {
    const content = first.snapshot(ms)[Symbol.asyncIterator]();
    expect((await content.next()).done).toBe(false);
    await content.return?.();
    await first.status(ms);
  });
});
