import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnrecoverableError, type Job } from 'bullmq';
import { until } from '../../../infra/local/until.js';
import { TargetError } from '../../../src/domain/errors.js';
import type { QueueRole } from '../../../src/adapters/queue/queues.js';
import { oneRedis } from '../../redis.js';
import { monitorTiming } from '../../../src/adapters/queue/workers.js';
import { makeFloor, type Floor } from './support.js';

const redis = oneRedis();
const floor: { now?: Floor } = {};

beforeEach(() => {
  floor.now = makeFloor(redis);
});

afterEach(async () => {
  await floor.now?.close();
});

async function ended(job: Job): Promise<string> {
  return until(
    async () => {
      const state = await job.getState();
      return state === 'failed' || state === 'completed' || state === 'unknown' ? state : null;
    },
    { what: 'the job has ended', timeoutMs: 20_000 },
  );
}

/** A worker that notes each start, and ends well. */
function willing(role: QueueRole, name: string): { readonly told: string[] } {
  const told: string[] = [];
  floor.now!.work(role, name, {
    run: async () => {
      await floor.now!.began();
      return null;
    },
    failed: async (_payload, reference) => void told.push(reference),
  });
  return { told };
}

describe('a worker that is killed in the middle of a job', () => {
  it('never has a job of the operations run again', async () => {
    const { queues, dieInTheMiddle, starts } = floor.now!;
    const job = await queues.operations.add('run-operation', { id: 'op1' });
    await dieInTheMiddle('operations', 'run-operation');
    willing('operations', 'run-operation');
    expect(await ended(job)).toBe('failed');
    const reason = (await queues.operations.getJob(job.id!))?.failedReason;
    expect(reason).toMatch(/more than allowable limit/);
    expect(await starts()).toBe(1);
  });

  it('never has a job of the operations run again even where a scheduler made it', async () => {
    const { queues, dieInTheMiddle, starts } = floor.now!;
    const every = 3_600_000;
    await queues.operations.upsertJobScheduler('never-do-this', { every }, { name: 'run-operation' });
    await dieInTheMiddle('operations', 'run-operation');
    willing('operations', 'run-operation');
    await until(async () => (await queues.operations.getFailedCount()) === 1, { what: 'it is given up' });
    expect(await starts()).toBe(1);
  });

  it('has a question read once more, and answered', async () => {
    const { queues, dieInTheMiddle, starts } = floor.now!;
    const job = await queues.reads.add('examine', { id: 'q1' });
    await dieInTheMiddle('reads', 'examine');
    const { told } = willing('reads', 'examine');
    await until(async () => (await starts()) === 2, { what: 'the question is read again' });
    // Completed questions are removed.
    expect(await ended(job)).toBe('unknown');
    expect(told).toEqual([]);
  });

  it('tells the asker when the second reader died of the question as well', async () => {
    const { queues, dieInTheMiddle, starts } = floor.now!;
    const job = await queues.reads.add('examine', { id: 'q1' });
    await dieInTheMiddle('reads', 'examine');
    await dieInTheMiddle('reads', 'examine');
    const { told } = willing('reads', 'examine');
    expect(await ended(job)).toBe('failed');
    expect(await starts()).toBe(2);
    await until(() => told.length > 0, { what: 'the asker is told' });
    expect(told).toEqual(['referenc']);
  });
});

describe('a monitor that is killed in the middle of a sample', () => {
  const INTERVAL_MS = 2000;

  it('is taken over by another one within two intervals', async () => {
    await floor.now!.close();
    floor.now = makeFloor(redis, monitorTiming(INTERVAL_MS));
    const { queues, dieInTheMiddle, starts } = floor.now;
    await queues.monitor.add('sample', { cluster: 'prod' });
    await dieInTheMiddle('monitor', 'sample');
    const died = Date.now();
    willing('monitor', 'sample');
    await until(async () => (await starts()) === 2, { what: 'the other one has begun it' });
    expect(Date.now() - died).toBeLessThan(2 * INTERVAL_MS);
  });

  it.each([
    [15_000, 15_000],
    [60_000, 60_000],
    // A process that is busy for a moment must not lose what it is at.
    [500, 2000],
  ])('with an interval of %i ms is seen by locks of %i ms', (interval, lock) => {
    expect(monitorTiming(interval)).toEqual({ lockDuration: lock, stalledInterval: lock / 2 });
  });
});

describe('clusters that take long', () => {
  it.each<[QueueRole, string, number]>([
    ['monitor', 'sample', 150],
    ['operations', 'run-operation', 40],
  ])('do not keep others waiting in the queue of %s', async (role, name, count) => {
    const { queues, work } = floor.now!;
    const gate: { open?: () => void } = {};
    const opened = new Promise<null>((resolve) => {
      gate.open = () => resolve(null);
    });
    const seen: unknown[] = [];
    work(role, name, {
      run: (payload) => {
        seen.push(payload);
        return (payload as { hangs: boolean }).hangs ? opened : Promise.resolve(null);
      },
    });
    const hanging = Array.from({ length: count }, () => ({ name, data: { hangs: true } }));
    await queues[role].addBulk([...hanging, { name, data: { hangs: false } }]);
    await until(() => seen.some((one) => !(one as { hangs: boolean }).hangs), {
      what: 'the quick one was begun',
    });
    gate.open?.();
  });
});

describe('a job that was retried by hand', () => {
  it('is not even begun where it is an operation', async () => {
    const { queues, starts, work, began } = floor.now!;
    work('operations', 'run-operation', {
      run: async () => {
        await began();
        throw new Error('the run broke');
      },
    });
    const job = await queues.operations.add('run-operation', { id: 'op1' });
    expect(await ended(job)).toBe('failed');
    await job.retry();
    await until(async () => (await reasonOf(job))?.includes('more than allowable'), {
      what: 'it is refused',
    });
    expect(await starts()).toBe(1);
  });

  async function reasonOf(job: Job): Promise<string | undefined> {
    return (await floor.now!.queues.operations.getJob(job.id!))?.failedReason;
  }
});

describe('a job that asks for another try', () => {
  it('runs again after the time that it asked for, and nobody is told of a failure', async () => {
    const told: string[] = [];
    const times: number[] = [];
    floor.now!.work('outbox', 'deliver', {
      run: async () => {
        times.push(Date.now());
        return times.length < 3 ? 150 : null;
      },
      failed: async (_payload, reference) => void told.push(reference),
    });
    const job = await floor.now!.queues.outbox.add('deliver', { kind: 'operation', id: 'op1', version: 1 });
    expect(await ended(job)).toBe('unknown');
    expect(times).toHaveLength(3);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(149);
    expect(told).toEqual([]);
    expect(await floor.now!.queues.outbox.getFailedCount()).toBe(0);
  });
});

describe('a job that fails', () => {
  it.each([
    ['by a bug', () => new TypeError('x is undefined')],
    ['by a target that will not do better', () => new TargetError('denied', 'm1', 'no')],
    ['by a target that is away, where there is no other try', () => away()],
    ['for good by its own word', () => new UnrecoverableError('enough')],
  ])('answers its asker once, %s', async (_how, error) => {
    const told: unknown[] = [];
    floor.now!.work('reads', 'examine', {
      run: () => Promise.reject(error()),
      failed: async (payload, reference) => void told.push([payload, reference]),
    });
    const job = await floor.now!.queues.reads.add('examine', { id: 'q1' });
    expect(await ended(job)).toBe('failed');
    expect(told).toEqual([[{ id: 'q1' }, 'referenc']]);
    expect(floor.now!.logged).toContain('a job failed');
  });

  it('is tried again where trying can help, and nobody is told before it has failed for good', async () => {
    const told: string[] = [];
    let tries = 0;
    floor.now!.work('outbox', 'deliver', {
      run: () => (++tries === 1 ? Promise.reject(away()) : Promise.resolve(null)),
      failed: async (_payload, reference) => void told.push(reference),
    });
    const job = await floor.now!.queues.outbox.add('deliver', {});
    expect(await ended(job)).toBe('unknown');
    expect([tries, told]).toEqual([2, []]);
  });

  it('of a name that nobody knows fails for good', async () => {
    floor.now!.work('reads', 'examine', { run: () => Promise.resolve(null) });
    const job = await floor.now!.queues.reads.add('no-such-job', {});
    expect(await ended(job)).toBe('failed');
  });
});

function away(): TargetError {
  return new TargetError('unavailable', 'redis', 'away', { retryable: true });
}
