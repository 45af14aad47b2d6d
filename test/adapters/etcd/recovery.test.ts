import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../../infra/local/etcd.js';
import { fillUntilFull } from '../../../infra/local/fill.js';
import { until } from '../../../infra/local/until.js';
import { alarmsFromErrors } from '../../../src/domain/alarm-text.js';
import { connect, failure, ms, versions, type Member } from './support.js';

const quotaBytes = 16 * 1024 * 1024;

describe.each(versions)('a full cluster of etcd %s', (version) => {
  let etcd: LocalEtcd;
  let members: Member[];
  let first: Member;

  beforeAll(async () => {
    etcd = await startEtcd({ version, members: 3, quotaBytes });
    members = connect(etcd);
    first = members[0]!;
    await fillUntilFull(etcd.endpoints, { valueBytes: 100_000 });
  });

  afterAll(async () => {
    members.forEach((member) => member.close());
    await etcd.stop();
  });

  it('refuses the probe for lack of space, and keeps nothing of it', async () => {
    const keys = await first.countKeys(ms);
    const error = await failure(first.writeProbe(ms));
    expect(error).toMatchObject({ code: 'no-space', target: first.endpoint, retryable: false });
    expect(error.message).toBe(`${first.endpoint} refused: etcdserver: mvcc: database space exceeded.`);
    expect(await first.countKeys(ms)).toBe(keys);
  });

  it('names its alarms alike in the alarm list and in Status, where the version has them there', async () => {
    const alarms = await first.alarms(ms);
    expect(alarms.length).toBeGreaterThan(0);
    expect(alarms.every(({ kind }) => kind === 'NOSPACE')).toBe(true);
    const { errors } = await first.status(ms);
    if (version === '3.3') expect(errors).toBeNull();
    else expect(alarmsFromErrors(errors ?? [])).toEqual(expect.arrayContaining([...alarms]));
  });

  it('recovers by what a member can be asked alone: compact, defragment each, disarm one by one', async () => {
    const { revision } = await first.status(ms);
    await first.compact(revision, ms);
    for (const member of members) {
      await until(async () => (await member.metrics(ms)).compactions === 1, { what: 'it has compacted' });
      await member.defragment(ms);
      expect((await member.status(ms)).sizeBytes).toBeLessThan(0.9 * quotaBytes);
    }
    for (const alarm of await first.alarms(ms)) await first.disarm(alarm, ms);
    expect(await first.alarms(ms)).toEqual([]);
    for (const member of members) await member.writeProbe(ms);
  });
});
