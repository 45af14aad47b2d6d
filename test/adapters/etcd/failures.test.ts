import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../../infra/local/etcd.js';
import { fillUntilFull } from '../../../infra/local/fill.js';
import { until } from '../../../infra/local/until.js';
import { connect, failure, ms, timesReached, versions, type Member } from './support.js';

describe.each(versions)('a member of etcd %s that does not answer', (version) => {
  let etcd: LocalEtcd;
  let members: Member[];
  let third: Member;

  beforeAll(async () => {
    etcd = await startEtcd({ version, members: 3 });
    members = connect(etcd);
    third = members[2]!;
    for (const member of members) await member.status(ms);
  });

  afterAll(async () => {
    members.forEach((member) => member.close());
    await etcd.stop();
  });

  it('hangs until the deadline, and nobody else is asked instead', async () => {
    const [one, two, three] = etcd.members;
    three!.pause();
    const began = Date.now();
    const error = await failure(third.status(300));
    expect(error).toMatchObject({ code: 'timeout', target: third.endpoint, retryable: true });
    expect(error.message).toBe(`${third.endpoint} gave no answer within 300 ms.`);
    expect(Date.now() - began).toBeLessThan(1_500);
    expect(await failure(third.metrics(300))).toMatchObject({ code: 'timeout' });
    expect(await failure(third.defragment(300))).toMatchObject({ code: 'timeout', retryable: false });
    three!.resume();
    await third.status(ms);
    expect(await timesReached(one!, 'Status')).toBe(1);
    expect(await timesReached(two!, 'Status')).toBe(1);
    expect(await timesReached(three!, 'Status')).toBeLessThanOrEqual(3);
    expect(await timesReached(one!, 'Defragment')).toBe(0);
    expect(await timesReached(two!, 'Defragment')).toBe(0);
    expect(await timesReached(three!, 'Defragment')).toBeLessThanOrEqual(1);
  });

  it('is unreachable when it is dead, and answers soon after it is back', async () => {
    const [, , three] = etcd.members;
    await three!.kill();
    const dead = await failure(third.status(ms));
    expect(['unreachable', 'unavailable']).toContain(dead.code);
    const error = await until(() => failure(third.status(ms)), { what: 'it is known to be dead' });
    expect(error).toMatchObject({ code: 'unreachable', target: third.endpoint, retryable: true });
    expect(error.message).toMatch(/^No connection to http:\S+: connect ECONNREFUSED \S+\.$/);
    expect(await failure(third.metrics(ms))).toMatchObject({ code: 'unreachable' });
    await three!.start();
    await until(() => third.status(ms), { what: 'it answers again', timeoutMs: 5_000 });
  });

  it('broke off when it dies with the answer owing, so that an act may have been done', async () => {
    const [, , three] = etcd.members;
    three!.pause();
    const answer = failure(third.defragment(ms));
    await third.status(100).catch(() => {});
    await three!.kill();
    expect(await answer).toMatchObject({ code: 'unavailable', retryable: false });
    await three!.start();
  });

  it('still tells its status and the members without a majority, and says why it does nothing else', async () => {
    const first = members[0]!;
    await Promise.all([etcd.members[1]!.kill(), etcd.members[2]!.kill()]);
    expect(await first.memberList(ms)).toHaveLength(3);
    await until(async () => (await first.status(ms)).leaderId === '0', { what: 'the leader is lost' });
    const { errors } = await first.status(ms);
    if (version !== '3.3') expect(errors).toContain('etcdserver: no leader');
    const [alarms, probe] = await Promise.all([
      failure(first.alarms(1_000)),
      failure(first.writeProbe(1_000)),
    ]);
    expect(['timeout', 'no-leader']).toContain(alarms.code);
    expect(['timeout', 'no-leader']).toContain(probe.code);
  });
});

describe.each(versions)('a defragmentation on etcd %s', (version) => {
  let etcd: LocalEtcd;
  let members: Member[];

  beforeAll(async () => {
    etcd = await startEtcd({ version, members: 3, quotaBytes: 64 * 1024 * 1024 });
    members = connect(etcd);
    await fillUntilFull(etcd.endpoints, { keys: 1_000, valueBytes: 100_000 });
  });

  afterAll(async () => {
    members.forEach((member) => member.close());
    await etcd.stop();
  });

  it('that outlasts its deadline goes on, was sent to one member, and was sent once', async () => {
    const [, second] = members;
    await second!.status(ms);
    const error = await failure(second!.defragment(25));
    expect(error).toMatchObject({ code: 'timeout', target: second!.endpoint, retryable: false });
    await until(async () => (await second!.metrics(ms)).defragmentations === 1, { what: 'it has ended' });
    await second!.status(ms);
    const finished = await Promise.all(
      members.map(async (member) => (await member.metrics(ms)).defragmentations),
    );
    expect(finished).toEqual([0, 1, 0]);
    const reached = await Promise.all(etcd.members.map((member) => timesReached(member, 'Defragment')));
    expect(reached).toEqual([0, 1, 0]);
  });
});
