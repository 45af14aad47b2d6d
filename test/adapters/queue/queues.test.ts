import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/local/until.js';
import { makeJobs, makeOutbox } from '../../../src/adapters/queue/queues.js';
import { makeOperationStore } from '../../../src/adapters/redis/operations.js';
import { schedule } from '../../../src/compose/schedules.js';
import type { Parts } from '../../../src/compose/parts.js';
import type { OutboxEntry } from '../../../src/domain/ports.js';
import { pendingFix } from '../../operations.js';
import { oneRedis } from '../../redis.js';
import { makeFloor, type Floor } from './support.js';

const redis = oneRedis();
const floor: { now?: Floor } = {};

beforeEach(() => {
  floor.now = makeFloor(redis);
});

afterEach(async () => {
  await floor.now?.close();
});

describe('asking for a run', () => {
  it('makes one job of one turn, however often it is asked for, and carries the id alone', async () => {
    const { queues } = floor.now!;
    const jobs = makeJobs(queues);
    await Promise.all(Array.from({ length: 10 }, () => jobs.run('op1', 0)));
    await jobs.run('op1', 7);
    await jobs.run('op2', 0);
    const waiting = await queues.operations.getWaiting();
    expect(waiting.map(({ data }) => data as unknown)).toEqual([{ id: 'op1' }, { id: 'op1' }, { id: 'op2' }]);
    expect(waiting.every(({ opts }) => opts.attempts === 1)).toBe(true);
  });

  it.each([
    ['broke', () => Promise.reject(new Error('Redis was away just then'))],
    ['ended without a start', () => Promise.resolve(null)],
  ])('is answered with another try where the job %s: the token decides, not the job', async (_how, end) => {
    const { queues, work, began, starts } = floor.now!;
    const jobs = makeJobs(queues);
    work('operations', 'run-operation', { run: () => began().then(end) });
    for (const time of [1, 2]) {
      await jobs.run('op1', 0);
      const ended = () => queues.operations.getJobCountByTypes('failed', 'completed');
      const what = `it has ended ${String(time)} times`;
      await until(async () => (await starts()) === time && (await ended()) === 1, { what });
    }
  });
});

describe('asking a question', () => {
  it('makes one job of one version of it', async () => {
    const { queues } = floor.now!;
    const jobs = makeJobs(queues);
    const question = { id: 'q1', version: 1 } as Parameters<typeof jobs.ask>[1];
    await jobs.ask('examine', question);
    await jobs.ask('examine', question);
    await jobs.ask('examine', { ...question, version: 2 });
    expect(await queues.reads.getWaitingCount()).toBe(2);
  });
});

describe('the schedulers', () => {
  it('sample and sweep, and never touch the operations', async () => {
    const { queues } = floor.now!;
    const clusters = [{ name: 'prod' }, { name: 'staging' }];
    const alerts = { digest: { every: 'week', atMinute: 510, weekday: 'monday', zone: 'Europe/Berlin' } };
    const config = { monitor: { intervalMs: 15_000 }, slack: { alertsChannel: 'C0ALERTS' }, alerts };
    const parts = { queues, clusters, config } as unknown as Parts;
    await schedule(parts);
    const { operations, reads, outbox, monitor } = queues;
    const idle = await Promise.all([operations, reads, outbox].map((queue) => queue.getJobSchedulersCount()));
    expect(idle).toEqual([0, 0, 0]);
    const names = (await monitor.getJobSchedulers()).map(({ key, name }) => `${key}: ${name}`);
    const samples = ['sample-prod: sample', 'sample-staging: sample'];
    const others = ['survey: survey', 'sweep: sweep'];
    expect(names.sort()).toEqual([
      'post-digest: post-digest',
      'post-heads: post-heads',
      ...samples,
      ...others,
    ]);
    const digest = (await monitor.getJobSchedulers()).find(({ key }) => key === 'post-digest');
    expect(digest).toMatchObject({ pattern: '30 8 * * mon', tz: 'Europe/Berlin' });
    await schedule({ ...parts, clusters: clusters.slice(1) } as unknown as Parts);
    expect(await monitor.getJobSchedulersCount()).toBe(5);
  });

  it('spread the samples over the interval, and are left alone by another start', async () => {
    const { monitor } = floor.now!.queues;
    const clusters = Array.from({ length: 1000 }, (_, index) => ({ name: `c${String(index)}` }));
    const config = {
      ...{ monitor: { intervalMs: 60_000 }, slack: { alertsChannel: 'C0ALERTS' }, alerts: { digest: null } },
    };
    const parts = { queues: floor.now!.queues, clusters, config } as unknown as Parts;
    const begun = Date.now();
    await schedule(parts);
    const samples = async () =>
      (await monitor.getJobSchedulers()).filter(({ key }) => key.startsWith('sample-'));
    const first = await samples();
    const due = first.map(({ next }) => next! % 60_000).sort((one, other) => one - other);
    // Evenly, they would be 60 ms apart.
    const widest = Math.max(...due.slice(1).map((one, index) => one - due[index]!));
    expect(widest).toBeLessThan(180);
    expect(await monitor.getDelayedCount()).toBeGreaterThan(900);
    expect(first.every(({ next }) => next! <= begun + 120_000)).toBe(true);
    const jobs = async () => (await monitor.getDelayed()).map(({ id }) => id).sort();
    const before = await jobs();
    await schedule(parts);
    const still = await jobs();
    expect(still.filter((id) => !before.includes(id))).toEqual([]);
    expect((await samples()).length).toBe(1000);
  }, 60_000);

  it('set up anew one that lost its next job', async () => {
    const { monitor } = floor.now!.queues;
    const config = {
      ...{ monitor: { intervalMs: 60_000 }, slack: { alertsChannel: 'C0ALERTS' }, alerts: { digest: null } },
    };
    const parts = { queues: floor.now!.queues, clusters: [{ name: 'prod' }], config } as unknown as Parts;
    await schedule(parts);
    await redis.client.zadd('{steward}:steward-monitor:repeat', Date.now() - 600_000, 'sample-prod');
    await schedule(parts);
    const sample = (await monitor.getJobSchedulers()).find(({ key }) => key === 'sample-prod');
    expect(sample!.next).toBeGreaterThan(Date.now() - 1000);
  });

  it('say that nothing is posted where there is no channel for it', async () => {
    const { queues, logged } = floor.now!;
    const log = { warn: (_fields: unknown, message: string): void => void logged.push(message) };
    const config = {
      ...{ monitor: { intervalMs: 15_000 }, slack: { alertsChannel: null }, alerts: { digest: null } },
    };
    await schedule({ queues, clusters: [], config, log } as unknown as Parts);
    expect(await queues.monitor.getJobSchedulersCount()).toBe(2);
    expect(logged).toEqual([expect.stringContaining('no slack.alertsChannel')]);
  });
});

describe('the outbox', () => {
  const outbox = () => makeOutbox(redis.client, floor.now!.queues);
  const version = (one: number): OutboxEntry => ({ kind: 'answer', id: 'a1', version: one });

  it.each([
    ['keeps the newest version', [1, 3, 2], 3],
    ['compares versions as numbers', [9, 10], 10],
    ['keeps one row for the same version twice', [4, 4], 4],
  ])('%s', async (_title, versions, kept) => {
    for (const one of versions) await outbox().put(version(one));
    expect(await outbox().list()).toEqual([version(kept)]);
  });

  it.each(['answer', 'operation', 'notice'] as const)('tells that it is about an %s', async (kind) => {
    await outbox().put({ kind, id: 'a1', version: 1 });
    expect(await outbox().list()).toEqual([{ kind, id: 'a1', version: 1 }]);
  });

  it.each([
    ['forgets what was sent', 3, []],
    ['forgets what a newer message shows', 4, []],
    ['keeps a version that came meanwhile', 2, [3]],
  ])('%s', async (_title, sent, left) => {
    await outbox().put(version(3));
    await outbox().sent(version(sent));
    expect(await outbox().list()).toEqual(left.map(version));
  });

  it('has the row of an operation’s change before anybody has put it there', async () => {
    const store = makeOperationStore(redis.client);
    await store.create(pendingFix({ id: 'op1' }));
    await store.swap('op1', (operation) => ({ ok: true, operation }));
    expect(await outbox().list()).toEqual([{ kind: 'operation', id: 'op1', version: 2 }]);
  });

  it.each(['operation', 'notice', 'answer', 'incident', 'page'] as const)(
    'knows a row of %s',
    async (kind) => {
      await outbox().put({ kind, id: 'x1', version: 1 });
      expect(await outbox().list()).toEqual([{ kind, id: 'x1', version: 1 }]);
    },
  );

  it('knows since when the oldest waits: not since a version that was shown meanwhile', async () => {
    const began = Date.now();
    expect(await outbox().oldest()).toBeNull();
    await makeOperationStore(redis.client).create(pendingFix({ id: 'op1' }));
    const first = (await outbox().oldest())!;
    expect(Math.abs(first - began)).toBeLessThan(5000);
    await until(() => Date.now() > first + 2, { what: 'time has passed' });
    await outbox().put(version(1));
    await outbox().put({ kind: 'operation', id: 'op1', version: 2 });
    expect(await outbox().oldest()).toBe(first);
    await outbox().sent({ kind: 'operation', id: 'op1', version: 1 });
    expect(await outbox().oldest()).toBeGreaterThan(first);
    await outbox().sent({ kind: 'operation', id: 'op1', version: 2 });
    await outbox().sent(version(1));
    expect(await outbox().oldest()).toBeNull();
  });

  it('makes one job of one version', async () => {
    for (const one of [1, 1, 2]) await outbox().put(version(one));
    expect(await floor.now!.queues.outbox.getWaitingCount()).toBe(2);
  });
});
