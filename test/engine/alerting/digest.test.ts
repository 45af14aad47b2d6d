import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeNoticeStore } from '../../../src/adapters/redis/notices.js';
import type { Incident, Outlook } from '../../../src/domain/alerting/incident.js';
import type { Forecast, Trend } from '../../../src/domain/alerting/past.js';
import type { Digest } from '../../../src/domain/alerting/routing.js';
import type { Cluster } from '../../../src/domain/cluster.js';
import type { Operation } from '../../../src/domain/operation.js';
import type { Notice, OutboxEntry } from '../../../src/domain/ports.js';
import { postDigest } from '../../../src/engine/alerting/digest.js';
import { noticeMessage } from '../../../src/slack/blocks/notice.js';
import { GIB, MIB } from '../../facts.js';
import { succeededFix } from '../../operations.js';
import { oneRedis } from '../../redis.js';
import { clusterOf } from '../world.js';
import { BEN, ENDED, HOUR, incident, NOW, signal } from './samples.js';

const redis = oneRedis();
const DAY = 24 * HOUR;
const DAILY: Digest = { every: 'day', atMinute: 480, weekday: 'mon', zone: 'Europe/Berlin' };

function cluster(name: string, channels = ['C0PLATFORM']): Cluster {
  return { ...clusterOf(succeededFix()), name, channels };
}

function outlook(name: string, overrides: Partial<Outlook> = {}): Outlook {
  return {
    cluster: name,
    at: NOW,
    unreadableSince: null,
    severity: 'ok',
    summary: 'All is well.',
    members: 3,
    sizeBytes: GIB,
    inUseBytes: GIB / 2,
    quotaBytes: 2 * GIB,
    share: 0.5,
    trend: null,
    incidents: [],
    ...overrides,
  };
}

const FORECAST: Forecast = {
  memberId: '1',
  reachedAt: Date.parse('2026-11-27T03:00:00Z'),
  basis: 'in-use',
  confidence: 'medium',
  spanMs: DAY,
  growthBytesPerDay: 120 * MIB,
  quotaBytes: 2 * GIB,
};

function trend(overrides: Partial<Trend> = {}): Trend {
  return { at: NOW, forecast: null, grownIn4hBytes: null, notCompactedSince: null, spark: [], ...overrides };
}

function done(overrides: Partial<Operation> = {}): Operation {
  const conclusion = { at: NOW - HOUR, summary: 'Every member has room again.', next: [] };
  const plan = { ...succeededFix().plan, cluster: 'prod' };
  return { ...succeededFix(), plan, startedAt: NOW - 2 * HOUR, conclusion, ...overrides };
}

interface World {
  readonly clusters: readonly Cluster[];
  readonly outlooks: Readonly<Record<string, Outlook>>;
  readonly incidents?: readonly Incident[];
  readonly operations?: readonly Operation[];
  readonly digest?: Digest | null;
}

let now: number;
let put: OutboxEntry[];

beforeEach(() => {
  [now, put] = [NOW, []];
});

async function post({ clusters, outlooks, incidents = [], operations = [], digest }: World): Promise<void> {
  await postDigest({
    clusters,
    digest: digest === undefined ? DAILY : digest,
    alerts: {
      outlooks: async (names) => names.map((name) => outlooks[name] ?? null),
      recent: async () => incidents,
    },
    operations: { recent: async () => operations },
    notices: makeNoticeStore(redis.client),
    outbox: { put: async (entry) => void put.push(entry) },
    clock: { now: () => now, pause: async () => undefined },
  });
}

const notice = (id = 'digest-C0PLATFORM-2026-11-24'): Promise<Notice | null> =>
  makeNoticeStore(redis.client).load(id);

/** The lines of one channel's digest of these clusters, all in it. */
async function lines(
  world: Omit<World, 'clusters'> & { names?: readonly string[] },
): Promise<readonly string[]> {
  const names = world.names ?? Object.keys(world.outlooks);
  await post({ ...world, clusters: names.map((name) => cluster(name)) });
  return (await notice())?.lines ?? [];
}

describe('the digest of a channel', () => {
  it('says how full a cluster is, how it grows, when it is full, and how the day went', async () => {
    const spark = [1, 2, 3, 4].map((step) => step * 256 * MIB);
    const prod = outlook('prod', {
      severity: 'warning',
      sizeBytes: 1.7 * GIB,
      share: 0.85,
      trend: trend({ forecast: FORECAST, spark }),
    });
    expect(await lines({ outlooks: { prod } })).toEqual([
      '🟡 `prod` 1.7 GiB of 2 GiB (85 %), grows 120 MiB a day, ' +
        'reaches its quota about 2026-11-27 04:00 Europe/Berlin (medium confidence) ▁▃▆█',
    ]);
  });

  it.each<[string, Partial<Outlook>, string]>([
    [
      'without a forecast',
      { trend: trend({ spark: [GIB, GIB + 64 * MIB] }) },
      '(50 %), +64 MiB within the last day',
    ],
    ['that shrank', { trend: trend({ spark: [GIB, GIB / 2] }) }, '(50 %), −512 MiB within the last day'],
    ['that wobbles', { trend: trend({ spark: [GIB, GIB + 1000] }) }, '(50 %) ▁▁'],
    ['without a quota', { quotaBytes: null, share: null }, '`prod` 1 GiB, quota not known'],
    ['without a size', { sizeBytes: null, share: null }, '`prod` size not known'],
    [
      'unreadable',
      { severity: 'unknown', unreadableSince: NOW - 2 * HOUR },
      "⚪ `prod` can't be read for 2 h, 1 GiB",
    ],
  ])('says of a cluster %s what is known', async (_, overrides, text) => {
    const prod = outlook('prod', { severity: 'warning', ...overrides });
    expect((await lines({ outlooks: { prod } }))[0]).toContain(text);
  });

  it('says that a cluster was never read', async () => {
    expect(await lines({ names: ['new'], outlooks: {} })).toEqual(['⚪ `new` has not been read yet']);
  });

  it('tells what fired, what fires, and what was done', async () => {
    const mute = { cluster: 'prod', rule: '*', by: BEN, reason: 'known', at: NOW, until: NOW + HOUR };
    const low = signal({ title: 'Low quota space', severity: 'warning' });
    const incidents = [
      incident({ severity: 'warning', signals: [low], mute }),
      incident({ id: 'old', openedAt: NOW - 3 * DAY, ...ENDED }),
      incident({ id: 'long', openedAt: NOW - 9 * DAY, since: NOW - 9 * DAY }),
    ];
    expect(await lines({ outlooks: { prod: outlook('prod') }, incidents, operations: [done()] })).toEqual([
      '🔴 `prod` 1 GiB of 2 GiB (50 %)',
      '• firing for 2 h: Low quota space (warning, muted)',
      '• fired for 1 h: etcd is full (critical); it ended: the alarm is off',
      '• firing for 9 days: etcd is full (critical)',
      '• `fix` succeeded: Every member has room again.',
    ]);
  });

  it('leaves out what was told before, and what nobody let happen', async () => {
    const before = { at: NOW - 25 * HOUR, because: 'x' };
    const incidents = [incident({ openedAt: NOW - 26 * HOUR, state: 'resolved', resolved: before })];
    const operations = [
      done({ conclusion: { at: NOW - 25 * HOUR, summary: 'x', next: [] } }),
      done({ state: 'denied', startedAt: undefined }),
    ];
    expect(await lines({ outlooks: { prod: outlook('prod') }, incidents, operations })).toEqual([
      '🟢 1 quiet, fullest first: `prod` 50 %',
    ]);
  });

  it('goes back a week where it is weekly', async () => {
    const ended = { at: NOW - 25 * HOUR, because: 'x' };
    const incidents = [incident({ openedAt: NOW - 26 * HOUR, state: 'resolved', resolved: ended })];
    const weekly = { ...DAILY, every: 'week' } as const;
    const found = await lines({ outlooks: { prod: outlook('prod') }, incidents, digest: weekly });
    expect(found).toHaveLength(2);
    expect((await notice())?.title).toContain('Weekly digest');
  });

  it('puts the worst first, then what is full soonest, then the fullest, and folds the quiet', async () => {
    const soon = trend({ forecast: FORECAST });
    const later = trend({ forecast: { ...FORECAST, reachedAt: NOW + 20 * DAY } });
    const found = await lines({
      names: ['quiet', 'fuller', 'later', 'soon', 'low', 'high', 'burns', 'new'],
      outlooks: {
        quiet: outlook('quiet', { share: 0.1 }),
        fuller: outlook('fuller', { share: 0.4, severity: 'info' }),
        later: outlook('later', { trend: later }),
        soon: outlook('soon', { trend: soon }),
        low: outlook('low', { severity: 'warning', share: 0.2 }),
        high: outlook('high', { severity: 'warning', share: 0.9 }),
        burns: outlook('burns'),
      },
      incidents: [incident({ cluster: 'burns' })],
    });
    expect(found.map((line) => /`(\w+)`/.exec(line)?.[1] ?? '')).toEqual([
      'burns',
      '',
      'new',
      'high',
      'low',
      'soon',
      'later',
      'fuller',
    ]);
    expect(found.at(-1)).toBe('🟢 2 quiet, fullest first: `fuller` 40 %, `quiet` 10 %');
    expect((await notice())?.title).toBe('Daily digest, 2026-11-24: 4 of 8 clusters need a look');
  });

  it('says in its title that there is nothing to do', async () => {
    await lines({ outlooks: { prod: outlook('prod') } });
    expect((await notice())?.title).toBe('Daily digest, 2026-11-24: nothing to do for 1 cluster');
  });

  it('tells of the monitor itself where that was told', async () => {
    const blind = incident({ cluster: '*', signals: [signal({ title: 'I am blind' })], ...ENDED });
    const elsewhere = { ...blind, channel: 'C0OTHER' };
    const found = await lines({ outlooks: { prod: outlook('prod') }, incidents: [blind, elsewhere] });
    expect(found.slice(0, 2)).toEqual([
      '*The monitor itself*',
      '• fired for 1 h: I am blind (critical); it ended: the alarm is off',
    ]);
    expect(found).toHaveLength(3);
  });

  it('counts what is too much to list', async () => {
    const incidents = Array.from({ length: 8 }, (_, index) => incident({ id: String(index) }));
    const found = await lines({ outlooks: { prod: outlook('prod') }, incidents });
    expect(found).toHaveLength(7);
    expect(found.at(-1)).toBe('• and 3 more incidents');
  });

  it('of 200 clusters fits into one message and its file', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `cluster-${String(index).padStart(3, '0')}`);
    const busy = (name: string, index: number): Outlook =>
      outlook(name, { severity: index % 2 === 0 ? 'warning' : 'ok', trend: trend({ spark: [1, GIB] }) });
    await lines({ names, outlooks: Object.fromEntries(names.map((name, at) => [name, busy(name, at)])) });
    const posted = await notice();
    expect(posted?.lines).toHaveLength(101);
    expect(posted?.lines.at(-1)).toMatch(/^🟢 100 quiet, .*, …$/);
    expect(Math.max(...(posted?.lines ?? []).map((line) => line.length))).toBeLessThan(300);
    const message = noticeMessage(posted!);
    expect(JSON.stringify(message.blocks).length).toBeLessThan(12_000);
    const whole = `${JSON.stringify(message.blocks)}${message.file?.content ?? ''}`;
    for (const name of names.filter((_, at) => at % 2 === 0)) expect(whole).toContain(name);
  });
});

describe('when and where a digest is posted', () => {
  const outlooks = { a: outlook('a'), b: outlook('b'), c: outlook('c') };
  const clusters = [cluster('a'), cluster('b', ['C0OTHER', 'C0PLATFORM']), cluster('c'), cluster('d', [])];

  it('is each cluster’s first channel, once for each', async () => {
    await post({ clusters, outlooks });
    expect(put).toEqual([
      { kind: 'notice', id: 'digest-C0PLATFORM-2026-11-24', version: 1 },
      { kind: 'notice', id: 'digest-C0OTHER-2026-11-24', version: 1 },
    ]);
    expect((await notice('digest-C0OTHER-2026-11-24'))?.lines.join()).toContain('`b`');
    expect((await notice())?.channel).toBe('C0PLATFORM');
    expect((await notice())?.lines.join()).not.toContain('`b`');
  });

  it('is once a day by the clock of its zone, however often the job runs', async () => {
    await post({ clusters, outlooks });
    await post({ clusters, outlooks: {} });
    expect((await notice())?.lines.join()).toContain('50 %');
    expect(new Set(put.map(({ id }) => id)).size).toBe(2);
    now = Date.parse('2026-11-24T23:30:00Z');
    await post({ clusters, outlooks });
    expect(put.at(-1)?.id).toBe('digest-C0OTHER-2026-11-25');
  });

  it('is never where none is wanted', async () => {
    await post({ clusters, outlooks, digest: null });
    expect(put).toEqual([]);
  });
});
