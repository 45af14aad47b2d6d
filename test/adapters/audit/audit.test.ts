import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, mkdir, rm, stat } from 'node:fs/promises';
import { until } from '../../../infra/local/until.js';
import { HEADS, STREAM } from '../../../src/adapters/audit/stream.js';
import { verifyChains } from '../../../src/adapters/audit/verify.js';
import { linesOf } from '../../../src/adapters/audit/lines.js';
import type { AuditEvent } from '../../../src/domain/audit.js';
import { oneRedis } from '../../redis.js';
import { KEY, makeBench, type Bench } from './support.js';

const redis = oneRedis({ appendOnly: true, args: ['--appendfsync', 'always'] });
let bench: Bench;
let audits: ReturnType<Bench['audit']>[];

beforeEach(async () => {
  bench = await makeBench();
  audits = [];
});

afterEach(async () => {
  await Promise.all(audits.map((audit) => audit.close()));
  await bench.remove();
});

function aProcess(): ReturnType<Bench['audit']> {
  const audit = bench.audit(redis.client);
  audits.push(audit);
  return audit;
}

function event(index: number): AuditEvent {
  return { at: Date.now(), event: 'step.done', detail: { index } };
}

async function streamed(): Promise<readonly string[]> {
  return (await redis.client.xrange(STREAM, '-', '+')).map(([, fields]) => fields[1] ?? '');
}

async function verdict(): Promise<unknown> {
  const heads = await audits[0]!.heads();
  const { broken, chains } = await verifyChains(linesOf([bench.file]), { key: KEY, marks: heads });
  return {
    broken,
    entries: chains.map(({ entries }) => entries),
    compared: chains.every(({ compared }) => compared),
  };
}

describe('the audit trail', () => {
  it('has what was recorded at once in the order of the calls, in the file and in the stream', async () => {
    const audit = aProcess();
    await Promise.all(Array.from({ length: 50 }, (_, index) => audit.record(event(index))));
    const lines = await bench.lines();
    expect(lines.map((line) => (JSON.parse(line) as AuditEvent).detail?.['index'])).toEqual([
      ...Array(50).keys(),
    ]);
    await until(async () => (await streamed()).length === 50, { what: 'the stream has all of them' });
    expect(await streamed()).toEqual(lines);
    expect(await verdict()).toEqual({ broken: null, entries: [50], compared: true });
  });

  it('holds where several processes write into one file at the same time', async () => {
    const processes = [aProcess(), aProcess(), aProcess()];
    const records = Array.from({ length: 60 }, (_, index) => processes[index % 3]!.record(event(index)));
    await Promise.all(records);
    await Promise.all(processes.map((audit) => audit.close()));
    expect(await verdict()).toEqual({ broken: null, entries: [20, 20, 20], compared: true });
  });

  it('is open to its owner alone', async () => {
    await aProcess().record(event(0));
    expect((await stat(bench.file)).mode & 0o777).toBe(0o600);
  });

  it('goes on in a new file where the old one was moved away, and after a line that a crash has torn', async () => {
    const audit = aProcess();
    await audit.record(event(0));
    await appendFile(bench.file, '{"seq":9,"chain":"half');
    await audit.record(event(1));
    expect(await bench.lines()).toHaveLength(3);
    expect(await verdict()).toMatchObject({ broken: null, entries: [2] });
    await rm(bench.file);
    await audit.record(event(2));
    expect(await bench.lines()).toHaveLength(1);
  });

  it('is kept for ninety days in the stream', async () => {
    for (let id = 1; id <= 300; id++) await redis.client.xadd(STREAM, `${String(id)}-1`, 'entry', 'old');
    const audit = aProcess();
    await audit.record(event(0));
    await audit.close();
    expect((await streamed()).length).toBeLessThan(101);
    expect((await streamed()).at(-1)).toBe((await bench.lines()).at(-1));
  });

  it('knows the newest entry of each chain, and forgets chains that are older than the stream', async () => {
    const [one, two] = [aProcess(), aProcess()];
    for (const audit of [one, one, two]) await audit.record(event(0));
    await Promise.all([one.close(), two.close()]);
    const old = { seq: 4, mac: 'm', at: Date.now() - 91 * 86_400_000, file: 'there' };
    await redis.client.hset(HEADS, { old: JSON.stringify(old), bad: 'no JSON', other: '{"seq":"x"}' });
    expect((await one.heads()).map(({ seq }) => seq).sort()).toEqual([1, 2]);
    expect(await redis.client.hexists(HEADS, 'old')).toBe(0);
  });
});

describe('a Redis that is away', () => {
  it('keeps nobody waiting, and gets what it missed in order when it is back, each entry once', async () => {
    const audit = aProcess();
    await audit.record(event(0));
    await until(async () => (await streamed()).length === 1, { what: 'the first stands there' });
    redis.server.pause();
    const begun = performance.now();
    for (const index of [1, 2, 3]) await audit.record(event(index));
    expect(performance.now() - begun).toBeLessThan(500);
    await until(() => bench.logged.length >= 3, { what: 'all three are late' });
    redis.server.resume();
    await until(async () => (await streamed()).length >= 4, { what: 'the stream has caught up' });
    await audit.close();
    expect(await streamed()).toEqual(await bench.lines());
    const late = bench.logged.filter(({ level }) => level === 'warn');
    expect(late.map(({ fields, message }) => [fields['seq'], message])).toEqual(
      [2, 3, 4].map((seq) => [seq, 'an audit entry is not in the Redis stream yet']),
    );
    expect(await verdict()).toEqual({ broken: null, entries: [4], compared: true });
  });

  it('that died and came back has all of it too', async () => {
    const audit = aProcess();
    await audit.record(event(0));
    await redis.server.kill();
    for (const index of [1, 2]) await audit.record(event(index));
    await redis.server.restart();
    await until(async () => (await streamed().catch(() => [])).length === 3, {
      what: 'the stream has caught up',
    });
    expect(await streamed()).toEqual(await bench.lines());
  });

  it('until the end is said, and what the stream lacks is counted', async () => {
    const audit = aProcess();
    redis.client.disconnect();
    await audit.record(event(0));
    await audit.close();
    expect(await bench.lines()).toHaveLength(1);
    expect(bench.logged.at(-1)).toMatchObject({
      level: 'error',
      fields: { missing: 1 },
      message: 'the audit stream lacks the newest entries',
    });
  });
});

describe('a file that can’t be written', () => {
  it('is said with the entry, stops nobody, and gets what it missed in order', async () => {
    await rm(bench.directory, { recursive: true });
    const audit = aProcess();
    for (const index of [0, 1]) await audit.record(event(index));
    expect(bench.logged).toMatchObject(
      [1, 2].map((seq) => ({
        level: 'error',
        fields: { audit: { seq, event: 'step.done', detail: { index: seq - 1 } } },
        message: 'the audit file could not be written',
      })),
    );
    await until(async () => (await streamed()).length === 2, { what: 'the stream has both' });
    await mkdir(bench.directory);
    await until(async () => (await bench.lines().catch(() => [])).length === 2, {
      what: 'the file has caught up',
    });
    await audit.record(event(2));
    await audit.close();
    expect(await verdict()).toEqual({ broken: null, entries: [3], compared: true });
  });
});
