import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../../infra/local/etcd.js';
import { until } from '../../../infra/local/until.js';
import { makeMetricsReader } from '../../../src/adapters/metrics/reader.js';
import { connect, failure, ms, versions, type Member } from '../etcd/support.js';

describe.each(versions)('the metrics of etcd %s', (version) => {
  let etcd: LocalEtcd;
  let members: Member[];
  let first: Member;

  beforeAll(async () => {
    etcd = await startEtcd({ version, members: 3, quotaBytes: 2 ** 30 });
    members = connect(etcd);
    first = members[0]!;
  });

  afterAll(async () => {
    members.forEach((member) => member.close());
    await etcd.stop();
  });

  /** What was written through another member comes to this one in a moment. */
  async function has(member: Member, revision: number): Promise<void> {
    const there = async (): Promise<boolean> => (await member.status(ms)).revision >= revision;
    await until(there, { what: `the member has revision ${String(revision)}` });
  }

  async function counts(member = first) {
    const { compactions, compactedKeys, compactRevision } = await member.metrics(ms);
    return { compactions, compactedKeys, compactRevision };
  }

  it('begin at zero and name the quota', async () => {
    const metrics = await first.metrics(ms);
    expect(metrics).toMatchObject({ quotaBytes: 2 ** 30, compactions: 0, defragmentations: 0, liveKeys: 0 });
    expect(metrics).toMatchObject({ currentRevision: 1, compactRevision: -1, lastCompactionAt: null });
    expect(metrics.defragmenting).toBe(version === '3.3' ? null : false);
    expect(metrics.processStartedAt).toBeGreaterThan(Date.now() - 600_000);
    expect(metrics.processStartedAt).toBeLessThan(Date.now() + 60_000);
    expect(metrics.sizeBytes).toBeGreaterThanOrEqual(metrics.inUseBytes ?? 0);
  });

  it('count what alert rules watch', async () => {
    await first.countKeys(ms);
    const { counters } = await first.metrics(ms);
    expect(counters).toMatchObject({ hasLeader: true, proposalsPending: 0, slowApplies: expect.any(Number) });
    expect(counters!.requests!.handled).toBeGreaterThan(0);
    for (const histogram of [counters!.walFsync, counters!.backendCommit]) {
      expect(histogram!.bounds).toHaveLength(15);
      expect(histogram!.bounds.at(-1)).toBe(Infinity);
      expect(histogram!.counts.at(-1)).toBeGreaterThan(0);
    }
    expect(counters!.openFiles).toBeGreaterThan(0);
    expect(counters!.mostOpenFiles).toBeGreaterThan(counters!.openFiles!);
  });

  it('count a finished compaction on every member, and the revisions that it removed', async () => {
    const before = (await first.status(ms)).revision;
    for (const value of ['1', '2', '3', '4']) await etcd.etcdctl('put', 'a', value);
    const revision = before + 4;
    await has(first, revision);
    await first.compact(revision, ms);
    expect(await counts()).toEqual({ compactions: 1, compactedKeys: 3, compactRevision: revision });
    const when = (await first.metrics(ms)).lastCompactionAt;
    if (version === '3.5') expect(when).toBeGreaterThan(Date.now() - 60_000);
    else expect(when).toBeNull();
    for (const member of members) {
      await until(async () => (await counts(member)).compactions === 1, { what: 'the others have finished' });
    }
  });

  it('count a compaction that had nothing to remove, and none that was refused', async () => {
    const revision = (await first.status(ms)).revision + 1;
    await etcd.etcdctl('put', 'new', '1');
    await has(first, revision);
    await first.compact(revision, ms);
    const after = { compactions: 2, compactedKeys: 3, compactRevision: revision };
    expect(await counts()).toEqual(after);
    await failure(first.compact(revision, ms));
    expect(await counts()).toEqual(after);
  });

  it('count a defragmentation on its member alone', async () => {
    await members[1]!.defragment(ms);
    const counted = await Promise.all(
      members.map(async (member) => (await member.metrics(ms)).defragmentations),
    );
    expect(counted).toEqual([0, 1, 0]);
  });

  it('show a restart by another start, with counters at zero and the compaction kept', async () => {
    const before = await first.metrics(ms);
    await etcd.members[0]!.kill();
    await etcd.members[0]!.start();
    const after = await until(() => first.metrics(ms), { what: 'it answers again' });
    expect(after.processStartedAt).toBeGreaterThan(before.processStartedAt ?? 0);
    expect(after).toMatchObject({ compactions: 0, compactRevision: before.compactRevision });
  });
});

describe('a metrics page that is not what it should be', () => {
  let server: Server;

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function read(answer: RequestListener, deadlineMs = 5_000) {
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const reader = makeMetricsReader(`http://me:secret@127.0.0.1:${port}/metrics`);
    const error = await failure(reader.read(deadlineMs));
    reader.close();
    expect(error.target).toBe(`http://127.0.0.1:${port}/metrics`);
    expect(error.message).not.toContain('secret');
    return error;
  }

  it.each([
    [401, 'auth'],
    [403, 'denied'],
    [404, 'unsupported'],
    [500, 'failed'],
  ])('fails by its status %i as %s', async (statusCode, code) => {
    const error = await read((_request, response) => response.writeHead(statusCode).end());
    expect(error).toMatchObject({ code, message: expect.stringContaining(`status ${statusCode}.`) });
  });

  it('times out when it does not end', async () => {
    const error = await read((_request, response) => response.write('process_start_time_seconds 1\n'), 200);
    expect(error).toMatchObject({ code: 'timeout', retryable: true });
  });

  it('is unavailable when it breaks off', async () => {
    const error = await read((_request, response) => {
      response.write('process_start_time_seconds 1\n', () => response.destroy());
    });
    expect(error.code).toBe('unavailable');
  });

  it('is given up when it is too long', async () => {
    const chunk = Buffer.alloc(1024 * 1024, '#');
    const error = await read((_request, response) => {
      const more = () => {
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    });
    expect(error).toMatchObject({ code: 'failed', message: expect.stringContaining('more than') });
  });
});
