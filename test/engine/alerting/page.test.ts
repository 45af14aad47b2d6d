import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeLedger } from '../../../src/adapters/redis/records.js';
import type { Incident } from '../../../src/domain/alerting/incident.js';
import { TargetError } from '../../../src/domain/errors.js';
import type { Notice, OutboxEntry, Page, Pager } from '../../../src/domain/ports.js';
import { actsDue, deliverPage } from '../../../src/engine/alerting/page.js';
import { oneRedis } from '../../redis.js';
import { BEN, ENDED, HOUR, incident, NOW, signal } from './samples.js';

const redis = oneRedis();

const acknowledged = { by: BEN, at: NOW };
const mute = { cluster: 'prod', rule: '*', by: BEN, reason: 'known', at: NOW, until: NOW + HOUR };
const warning: Partial<Incident> = { severity: 'warning', worst: 'critical' };

type Row = [string, Partial<Incident>, Page['act'] | null, Page['act'][]];

const DUE: Row[] = [
  ['a critical one rings', {}, null, ['trigger']],
  ['it rings once', {}, 'trigger', []],
  ['a warning never rings', { severity: 'warning', worst: 'warning' }, null, []],
  ['what is acknowledged is told so', { acknowledged }, 'trigger', ['acknowledge']],
  ['it is told so once', { acknowledged }, 'acknowledge', []],
  ['acknowledged before it was told is both, in order', { acknowledged }, null, ['trigger', 'acknowledge']],
  ['the end is told', ENDED, 'trigger', ['resolve']],
  ['the end is told of what was acknowledged', { ...ENDED, acknowledged }, 'acknowledge', ['resolve']],
  ['the end is told once', ENDED, 'resolve', []],
  ['the end of what never rang is not told', ENDED, null, []],
  ['below critical it stays', warning, 'trigger', []],
  ['below critical it can be acknowledged', { ...warning, acknowledged }, 'trigger', ['acknowledge']],
  ['below critical it does not begin', warning, null, []],
  ['the end is told also from below critical', { ...warning, ...ENDED }, 'trigger', ['resolve']],
  ['what fires again rings again', {}, 'resolve', ['trigger']],
  ['an acknowledgement taken back rings anew', {}, 'acknowledge', ['resolve', 'trigger']],
  ['a muted one does not ring', { mute }, null, []],
  ['a mute that is over does not hold it', { mute: { ...mute, until: NOW } }, null, ['trigger']],
  ['a muted one ends', { ...ENDED, mute }, 'trigger', ['resolve']],
  ['maintenance does not ring', { quiet: 'a maintenance window is open' }, null, []],
  ['what nobody was told of does not ring', { untold: true }, null, []],
  ['what is muted does not ring anew', { mute }, 'acknowledge', []],
];

describe('what a pager is sent', () => {
  it.each(DUE)('%s', (_, overrides, last, acts) => {
    expect(actsDue(incident(overrides), last, NOW)).toEqual(acts);
  });
});

const ENTRY: OutboxEntry = { kind: 'page', id: 'inc1', version: 3 };

let now: number;
let current: Incident | null;
let pages: [string, Page][];
let failures: Map<string, (TargetError | Error)[]>;
let done: OutboxEntry[];
let logged: string[];
let notices: Notice[];
let shown: OutboxEntry[];

beforeEach(() => {
  [notices, shown] = [[], []];
  [now, current, pages, failures, done, logged] = [NOW, incident(), [], new Map(), [], []];
});

const failure = (retryable: boolean) => new TargetError('failed', 'pager', 'no', { retryable });

/** What is to fail is told first: the page may have arrived all the same. */
function pager(name: string, repeatEveryMs?: number): Pager {
  return {
    name,
    ...(repeatEveryMs !== undefined && { repeatEveryMs }),
    send: async (page) => {
      pages.push([name, page]);
      const error = failures.get(name)?.shift();
      if (error) throw error;
    },
  };
}

function deliver(pagers: readonly Pager[] = [pager('a')], entry = ENTRY): Promise<number | null> {
  const log = (_fields: unknown, message: string): void => void logged.push(message);
  return deliverPage(
    {
      pagers,
      alerts: { incident: async () => current },
      ledger: makeLedger(redis.client),
      unsent: { sent: async (one) => void done.push(one) },
      notices: {
        save: async (notice) => void notices.push(notice),
        load: async (id) => notices.find((one) => one.id === id) ?? null,
      },
      outbox: { put: async (one) => void shown.push(one) },
      clock: { now: () => now, pause: async () => undefined },
      log: { info: log, warn: log, error: log },
    },
    entry,
  );
}

const told = (): string[] => pages.map(([name, { act }]) => `${name} ${act}`);

describe('a page', () => {
  it('goes from trigger to resolve under one key, each act once, whatever comes twice', async () => {
    for (const overrides of [{}, { acknowledged }, { ...ENDED, acknowledged }]) {
      current = incident(overrides);
      expect(await deliver()).toBeNull();
      expect(await deliver()).toBeNull();
    }
    expect(told()).toEqual(['a trigger', 'a acknowledge', 'a resolve']);
    expect(new Set(pages.map(([, { key }]) => key))).toEqual(new Set(['inc1']));
    expect(done).toHaveLength(6);
  });

  it('says what is wrong where, with its evidence and what to do', async () => {
    const cleared = { at: NOW, because: 'it is small again' };
    current = incident({ signals: [signal(), signal({ title: 'Old', cleared })] });
    await deliver();
    expect(pages[0]?.[1]).toEqual({
      key: 'inc1',
      act: 'trigger',
      cluster: 'prod',
      environment: 'live',
      rule: 'nospace',
      cause: 'space',
      severity: 'critical',
      summary: 'prod: etcd is full: m1 raised NOSPACE',
      details: ['etcd is full: m1 raised NOSPACE', 'm1 2 GiB of 2 GiB', 'Propose the fix.'],
      since: NOW - 2 * HOUR,
      at: NOW,
    });
  });

  it('says why it ended, and keeps the severity by which some tell alerts apart', async () => {
    await deliver();
    current = incident({ ...warning, ...ENDED });
    await deliver();
    expect(pages.at(-1)?.[1]).toMatchObject({
      act: 'resolve',
      severity: 'critical',
      summary: 'prod: etcd is full: the alarm is off',
    });
  });

  it('of the monitor itself names all clusters', async () => {
    current = incident({ cluster: '*', environment: null, signals: [signal({ title: 'I am blind' })] });
    await deliver();
    expect(pages[0]?.[1].summary).toBe('All clusters: I am blind: m1 raised NOSPACE');
  });

  it('is done up to the version that was told, so that a newer one stays', async () => {
    current = incident({ version: 9 });
    await deliver();
    expect(done).toEqual([{ ...ENTRY, version: 9 }]);
  });

  it('of an incident that is gone, or that nobody is paged of, is done', async () => {
    expect(await deliver([])).toBeNull();
    current = null;
    expect(await deliver()).toBeNull();
    expect(pages).toEqual([]);
    expect(done).toEqual([ENTRY, ENTRY]);
  });
});

describe('a pager that fails', () => {
  it('is tried again with the same key until it takes it, as when its answer got lost', async () => {
    failures.set('a', [failure(true), failure(true)]);
    expect(await deliver()).toBe(10_000);
    expect(await deliver()).toBe(10_000);
    expect(done).toEqual([]);
    expect(await deliver()).toBeNull();
    expect(told()).toEqual(['a trigger', 'a trigger', 'a trigger']);
    expect(new Set(pages.map(([, { key }]) => key)).size).toBe(1);
  });

  it('holds no other, and what the other has got is not sent to it again', async () => {
    failures.set('a', [failure(true)]);
    expect(await deliver([pager('a'), pager('b')])).toBe(10_000);
    expect(await deliver([pager('a'), pager('b')])).toBeNull();
    expect(told().sort()).toEqual(['a trigger', 'a trigger', 'b trigger']);
  });

  it('hears nothing of the end before the beginning, and nothing at all where both are past', async () => {
    failures.set('a', [failure(true)]);
    await deliver();
    current = incident(ENDED);
    expect(await deliver()).toBeNull();
    expect(told()).toEqual(['a trigger']);
  });

  it('goes on with the second act where the first was taken', async () => {
    current = incident({ acknowledged });
    failures.set('a', []);
    const one = pager('a');
    let second = true;
    const flaky: Pager = {
      name: 'a',
      send: async (page) => {
        await one.send(page);
        if (page.act === 'acknowledge' && second) {
          second = false;
          throw failure(true);
        }
      },
    };
    expect(await deliver([flaky])).toBe(10_000);
    expect(await deliver([flaky])).toBeNull();
    expect(told()).toEqual(['a trigger', 'a acknowledge', 'a acknowledge']);
  });

  it('and means it is left alone until something changes, and the log says that nobody was woken', async () => {
    failures.set('a', [failure(false)]);
    expect(await deliver()).toBeNull();
    expect(done).toHaveLength(1);
    expect(logged).toEqual(['a pager refused a page, so nobody was woken by it']);
    expect(await deliver()).toBeNull();
    expect(told()).toEqual(['a trigger', 'a trigger']);
  });

  it('and means it is told where people look, once a day', async () => {
    for (let i = 0; i < 3; i++) {
      failures.set('a', [failure(false)]);
      expect(await deliver()).toBeNull();
    }
    expect(notices).toMatchObject([
      {
        channel: 'C0PLATFORM',
        title: 'The pager a refuses my pages',
        lines: [
          'I wanted to tell it of prod: m1 raised NOSPACE.',
          expect.stringMatching(/^no\. I try again every minute while it fires/),
          expect.stringContaining('`alerts.pagers`'),
        ],
      },
    ]);
    expect(shown).toEqual([{ kind: 'notice', id: notices[0]?.id, version: 1 }]);
    now += 24 * HOUR;
    failures.set('a', [failure(false)]);
    await deliver();
    expect(notices).toHaveLength(2);
  });

  it('by a bug is not swallowed, and not claimed any more', async () => {
    failures.set('a', [new Error('bug')]);
    await expect(deliver()).rejects.toThrow('bug');
    expect(await deliver()).toBeNull();
  });
});

describe('two senders of one page', () => {
  it('send it once; the second comes again later', async () => {
    const gate: { open?: () => void } = {};
    const slow: Pager = {
      name: 'a',
      send: async (page) => {
        pages.push(['a', page]);
        await new Promise<void>((resolve) => (gate.open = resolve));
      },
    };
    const first = deliver([slow]);
    while (gate.open === undefined) await new Promise(setImmediate);
    expect(await deliver()).toBe(500);
    gate.open();
    expect(await first).toBeNull();
    expect(await deliver()).toBeNull();
    expect(told()).toEqual(['a trigger']);
  });
});

describe('a pager that forgets', () => {
  const forgets = pager.bind(null, 'a', 60_000);

  it('is told again and again while it fires, also when acknowledged or below critical', async () => {
    await deliver([forgets()]);
    now += 59_999;
    await deliver([forgets()]);
    expect(told()).toEqual(['a trigger']);
    now += 1;
    await deliver([forgets()]);
    current = incident({ ...warning, acknowledged });
    await deliver([forgets()]);
    now += 60_000;
    await deliver([forgets()]);
    expect(told()).toEqual(['a trigger', 'a trigger', 'a acknowledge', 'a trigger']);
    expect(pages.at(-1)?.[1].at).toBe(NOW + 120_000);
    now += 10;
    await deliver([forgets()]);
    expect(told()).toHaveLength(4);
  });

  it('is left alone once it has ended, and where it never began', async () => {
    await deliver([forgets()]);
    current = incident(ENDED);
    await deliver([forgets()]);
    now += HOUR;
    await deliver([forgets()]);
    expect(told()).toEqual(['a trigger', 'a resolve']);
    current = incident({ id: 'inc2', ...warning });
    await deliver([forgets()], { ...ENTRY, id: 'inc2' });
    expect(told()).toHaveLength(2);
  });
});
