import { describe, expect, it } from '@jest/globals';
import { TargetError } from '../../../src/domain/errors.js';
import { keyRows, totalOf } from '../../../src/domain/keys/rows.js';
import { nothingSeen, scan, type ScanEnd, type Seen } from '../../../src/engine/keys/scan.js';
import { scanSettings, type ScanSettings } from '../../../src/engine/keys/settings.js';
import type { Question } from '../../../src/domain/answer.js';
import type { Halt } from '../../../src/engine/keys/looking.js';
import { literalKeyspace, passingClock, type LiteralKeyspace, type Stored } from './literal.js';

function stored(count: number, bytes = 200): readonly Stored[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `/registry/${index % 4 === 0 ? 'pods' : 'events'}/ns-${String(index % 5)}/job-${String(index).padStart(6, '0')}`,
    ...{ bytes: bytes + (index % 10), version: 1 + (index % 3) },
  }));
}

interface Scanned {
  readonly end: ScanEnd;
  readonly seen: Seen;
  readonly keyspace: LiteralKeyspace;
  readonly tookMs: number;
}

interface Trial {
  readonly keys: readonly Stored[];
  readonly options?: Question['options'];
  readonly beat?: (keyspace: LiteralKeyspace) => Promise<Halt | null>;
  readonly failures?: readonly TargetError[];
}

async function scanned({ keys, options = {}, beat, failures = [] }: Trial): Promise<Scanned> {
  const clock = passingClock();
  const keyspace = literalKeyspace(keys, clock);
  keyspace.failures = [...failures];
  const settings = settingsOf(options);
  const seen = nothingSeen(settings);
  const begun = clock.now();
  const deps = { keyspace, clock };
  const end = await scan(deps, { ...settings, seen }, () => beat?.(keyspace) ?? Promise.resolve(null));
  return { end, seen, keyspace, tookMs: clock.now() - begun };
}

function settingsOf(options: Question['options']): ScanSettings {
  const settings = scanSettings({ options } as Question);
  if (!settings.ok) throw new Error(settings.reason);
  return settings.value;
}

describe('a scan', () => {
  it('counts every key once, with its writes, and estimates the bytes within its margin', async () => {
    const keys = stored(5000);
    const { end, seen } = await scanned({ keys });
    expect(end).toEqual({ kind: 'done' });
    const truth = keys.reduce((sum, { key, bytes }) => sum + bytes + key.length, 0);
    const total = totalOf(seen.groups.list());
    expect(total).toMatchObject({
      keys: 5000,
      revisions: keys.reduce((sum, { version = 1 }) => sum + version, 0),
    });
    expect(Math.abs(total.bytes - truth)).toBeLessThanOrEqual(2 * total.margin);
    expect(total.margin).toBeGreaterThan(0);
    expect(seen.sizesRead).toBeGreaterThanOrEqual(2500);
    expect(seen.sizesRead).toBeLessThan(3600);
    expect(keyRows(seen.groups.list(), null).map(({ prefix, keys: count }) => [prefix, count])).toEqual([
      ['/registry/events/', 3750],
      ['/registry/pods/', 1250],
    ]);
  });

  it('knows the bytes exactly where every value was read for its length', async () => {
    const keys = stored(2000);
    const { seen, keyspace } = await scanned({ keys, options: { bytes: true, rate: 'max' } });
    const bytes = keys.reduce((sum, one) => sum + one.bytes + one.key.length, 0);
    expect(totalOf(seen.groups.list())).toMatchObject({ bytes, margin: 0 });
    expect(keyspace.asked.every(({ keysOnly }) => !keysOnly)).toBe(true);
  });

  it('asks only for what begins with the prefix', async () => {
    const { seen } = await scanned({
      keys: [...stored(400), { key: 'other', bytes: 1 }],
      options: { prefix: '/registry/pods/' },
    });
    expect(seen.groups.list().map(({ prefix }) => prefix)).toEqual(
      ['ns-0', 'ns-1', 'ns-2', 'ns-3', 'ns-4'].map((name) => `/registry/pods/${name}/`),
    );
    expect(seen.keys).toBe(100);
  });

  it.each([
    ['500', 500],
    ['2k', 2000],
    ['20000', 20_000],
  ])('keeps to a rate of %s keys a second', async (rate, perSecond) => {
    const { tookMs, keyspace } = await scanned({ keys: stored(6000), options: { rate } });
    expect(6000 / (tookMs / 1000)).toBeLessThan(perSecond * 1.1);
    expect(6000 / (tookMs / 1000)).toBeGreaterThan(perSecond * 0.8);
    expect(Math.max(...keyspace.asked.map(({ limit }) => limit))).toBeLessThanOrEqual(perSecond / 10);
  });

  it('holds back bytes, too, where nobody chose a rate: large values slow it down and make pages small', async () => {
    const keys = stored(2000, 256 * 1024);
    const { tookMs, keyspace } = await scanned({ keys });
    expect(2000 / (tookMs / 1000)).toBeLessThan(100);
    // After the first page, of which nobody knew better.
    expect(Math.max(...keyspace.asked.slice(1).map(({ limit }) => limit))).toBeLessThanOrEqual(16);
  });

  it('waits for nothing where there is no rate', async () => {
    expect((await scanned({ keys: stored(3000), options: { rate: 'max' } })).tookMs).toBe(0);
  });

  it('reads at one revision, and at a newer one once that is compacted', async () => {
    let pages = 0;
    const { end, seen, keyspace } = await scanned({
      keys: stored(3000),
      options: { rate: '1000' },
      beat: (at) => {
        if (++pages === 5) at.compacted = at.revision = 150;
        return Promise.resolve(null);
      },
    });
    expect(end.kind).toBe('done');
    expect(seen.revisions).toEqual([100, 150]);
    expect(seen.keys).toBe(3000);
    expect(new Set(keyspace.asked.map(({ revision }) => revision))).toEqual(new Set([null, 100, 150]));
  });

  it('stops when it is told to, and keeps what was counted', async () => {
    let pages = 0;
    const halt = { kind: 'cancelled', by: 'U1' } as const;
    const { end, seen } = await scanned({
      keys: stored(3000),
      options: { rate: '1000' },
      beat: () => Promise.resolve(++pages === 8 ? halt : null),
    });
    expect(end).toEqual(halt);
    expect(seen.keys).toBeGreaterThan(100);
    expect(seen.keys).toBeLessThan(3000);
    expect(seen.about).toBe(3000);
  });

  it('tries again what fails and may pass, and gives up in time', async () => {
    const away = new TargetError('unavailable', 'm2', 'm2 broke off', { retryable: true });
    const passing = await scanned({ keys: stored(500), failures: [away, away] });
    expect(passing.end.kind).toBe('done');
    expect(passing.seen.keys).toBe(500);
    const staying = await scanned({ keys: stored(500), failures: Array.from({ length: 20 }, () => away) });
    expect(staying.end).toEqual({ kind: 'stopped', reason: away });
  });

  it('does not try again what is not allowed', async () => {
    const denied = new TargetError('denied', 'm2', 'permission denied');
    const { end, keyspace } = await scanned({ keys: stored(500), failures: [denied] });
    expect(end).toEqual({ kind: 'stopped', reason: denied });
    expect(keyspace.asked).toHaveLength(1);
  });

  it('asks for smaller pages where one is too large for a message', async () => {
    const large = new TargetError('failed', 'm2', 'Received message larger than max (70000000 vs 67108864)');
    const { end, keyspace } = await scanned({ keys: stored(500), failures: [large, large] });
    expect(end.kind).toBe('done');
    expect(keyspace.asked.slice(0, 3).map(({ limit }) => limit)).toEqual([100, 25, 7]);
  });
});

describe('what is typed', () => {
  it.each([['fast'], ['-5'], ['0'], ['99'], ['1e9'], ['10/s'], ['']])('is no rate: %j', (rate) => {
    const refused = scanSettings({ options: { rate } } as unknown as Question);
    expect(refused).toMatchObject({ ok: false, reason: expect.stringContaining(`“${rate}”`) });
  });
});
