import { describe, expect, test } from '@jest/globals';
import type { ChurnReport, KeyRow, KeysReport } from '../../../src/domain/keys/report.js';
import { churnMessage } from '../../../src/slack/blocks/churn.js';
import { keysMessage } from '../../../src/slack/blocks/keys.js';
import { stoppingMessage } from '../../../src/slack/blocks/look.js';
import type { Message } from '../../../src/slack/blocks/message.js';
import { NOW } from '../../facts.js';
import { expectGolden } from '../../golden.js';
import { answer } from '../answers.js';
import { violations } from '../limits.js';

const MIB = 1024 ** 2;
const EVIL = '<!channel> `@here` <@U9> & :red_circle: *b*\n\u202e';

function row(prefix: string, name: string | null, changes: Partial<KeyRow> = {}): KeyRow {
  const figures = { keys: 500_000, revisions: 1_250_000, bytes: 160 * MIB, margin: 2 * MIB };
  return { prefix, name, prefixes: 1, before: null, ...figures, ...changes };
}

const LOOK = {
  ...{ prefix: '', startedAt: NOW, tookMs: 100_000, reason: null, cancelledBy: null, folded: 0 },
  member: { label: 'm2', role: 'follower' },
} as const;

function keysReport(changes: Partial<KeysReport> = {}): KeysReport {
  return {
    ...LOOK,
    ...{ state: 'done', about: 1_000_000, rate: 10_000, bytesBy: 'sample', sizesRead: 10_432 },
    revisions: [48_128, 48_128],
    total: { keys: 650_100, revisions: 1_400_300, bytes: 320 * MIB, margin: 5 * MIB },
    rows: [
      row('/registry/events/', 'Kubernetes events', { before: { keys: 420_000, bytes: 130 * MIB } }),
      row('/registry/crd.projectcalico.org/ipamhandles/', 'custom ipamhandles.crd.projectcalico.org', {
        ...{ keys: 150_000, revisions: 150_200, bytes: 150 * MIB },
      }),
      row('/app/', null, { keys: 99, revisions: 99, bytes: 10 * MIB, margin: 0, prefixes: 12 }),
      row('', null, { keys: 1, revisions: 1, bytes: 64, margin: 0 }),
    ],
    largest: [
      {
        key: '/calico/ipam/v2/assignment/ipv4/block/10.0.3.0-26',
        name: 'Calico block 10.0.3.0/26 (node n3)',
        bytes: 180_000,
      },
      { key: '/app/blob', name: null, bytes: 90_000 },
    ],
    stored: null,
    before: { at: NOW - 86_400_000, keys: 560_000, bytes: 290 * MIB },
    ...changes,
  };
}

function churnReport(changes: Partial<ChurnReport> = {}): ChurnReport {
  return {
    ...LOOK,
    ...{ state: 'done', forMs: 60_000, watchedMs: 60_000, created: 900, leased: 240, leases: 12 },
    total: { writes: 4860, deletes: 880, bytes: 12 * MIB },
    rows: [
      {
        prefix: '/registry/events/',
        name: 'Kubernetes events',
        prefixes: 1,
        writes: 3600,
        deletes: 880,
        bytes: 6 * MIB,
      },
      {
        prefix: '/calico/ipam/v2/assignment/',
        name: 'Calico IPAM blocks',
        prefixes: 1,
        writes: 1260,
        deletes: 0,
        bytes: 6 * MIB,
      },
    ],
    keys: [
      {
        ...{
          key: '/calico/ipam/v2/assignment/ipv4/block/10.0.3.0-26',
          name: 'Calico block 10.0.3.0/26 (node n3)',
        },
        ...{ writes: 420, deletes: 0, bytes: 2 * MIB },
      },
    ],
    cronJobs: null,
    ...changes,
  };
}

const keys = (changes: Partial<KeysReport> = {}): Message =>
  keysMessage(answer({ kind: 'keys', report: keysReport(changes) }, 'keys'));
const churn = (changes: Partial<ChurnReport> = {}): Message =>
  churnMessage(answer({ kind: 'churn', report: churnReport(changes) }, 'churn'));

const CRON = { namespace: 'batch', name: 'report', schedule: '* * * * *', suspended: false };
const NOTHING = { writes: 0, deletes: 0, bytes: 0 };

const MESSAGES: Readonly<Record<string, () => Message>> = {
  'keys-waiting': () =>
    keys({
      state: 'waiting',
      member: null,
      revisions: null,
      about: null,
      rows: [],
      largest: [],
      before: null,
    }),
  'keys-running': () =>
    keys({
      state: 'running',
      total: { keys: 340_000, revisions: 1, bytes: 1, margin: 1 },
      tookMs: 34_000,
      largest: [],
    }),
  'keys-done': () => keys(),
  'keys-compacted': () =>
    keys({
      revisions: [48_128, 50_001],
      bytesBy: 'all',
      prefix: '/registry/',
      folded: 4210,
      member: { label: 'm1', role: 'leader' },
    }),
  'keys-of-kubernetes': () =>
    keys({
      stored: [
        { group: '', resource: 'events', objects: 412_000, bytes: 140 * MIB },
        { group: 'crd.projectcalico.org', resource: 'ipamhandles', objects: 150_000, bytes: null },
        { group: 'apps', resource: 'replicasets', objects: null, bytes: null },
      ],
    }),
  'keys-of-kubernetes-unknown': () => keys({ stored: 'unknown' }),
  'keys-cancelled': () => keys({ state: 'cancelled', cancelledBy: 'U2', before: null }),
  'keys-stopped': () => keys({ state: 'stopped', reason: 'm2 gave no answer within 30000 ms.' }),
  'keys-none': () =>
    keys({
      total: { keys: 0, revisions: 0, bytes: 0, margin: 0 },
      rows: [],
      largest: [],
      about: 0,
      prefix: '/none/',
      before: null,
    }),
  'churn-running': () => churn({ state: 'running', watchedMs: 20_000, keys: [] }),
  'churn-done': () => churn({ cronJobs: [{ ...CRON, podsPerHour: 900, basis: 'counted' }] }),
  'churn-unknown-cron-jobs': () => churn({ cronJobs: 'unknown' }),
  'churn-none': () => churn({ total: NOTHING, rows: [], keys: [], created: 0, leased: 0, leases: 0 }),
  'churn-stopped': () => churn({ state: 'stopped', watchedMs: 12_000, reason: '500000 changes were enough' }),
  'look-stopping': stoppingMessage,
};

describe('a look at the keys', () => {
  test.each(Object.entries(MESSAGES))(
    '%s looks as it was agreed, and keeps Slack’s limits',
    (name, message) => {
      expectGolden(`slack/blocks/golden/${name}`, message());
      expect(violations(message())).toEqual([]);
    },
  );
});

describe('a hostile keyspace', () => {
  const huge = `${EVIL}${'x'.repeat(3000)}`;
  const rows = Array.from({ length: 200 }, (_, index) =>
    row(`${huge}${String(index)}`, huge, { keys: 200 - index }),
  );
  const largest = Array.from({ length: 10 }, () => ({ key: huge, name: huge, bytes: 5 }));
  const evil = {
    prefix: huge,
    member: { label: huge, role: 'follower' },
    reason: huge,
    state: 'stopped',
  } as const;
  const churned = rows.map(({ prefix, name, prefixes }) => ({
    prefix,
    name,
    prefixes,
    writes: 5,
    deletes: 4,
    bytes: 3,
  }));
  const cronJobs = [
    { namespace: huge, name: huge, schedule: huge, suspended: true, podsPerHour: 1, basis: 'planned' },
  ] as const;

  test.each([
    ['keys', keys({ ...evil, rows, largest, cancelledBy: EVIL })],
    ['keys, cancelled', keys({ ...evil, state: 'cancelled', rows, largest, cancelledBy: EVIL })],
    [
      'churn',
      churn({
        ...evil,
        rows: churned,
        keys: largest.map((one) => ({ ...one, writes: 1, deletes: 1 })),
        cronJobs,
      }),
    ],
  ])(
    '%s: notifies nobody, breaks out of nothing, keeps Slack’s limits, and has all the rest in its file',
    (_name, message) => {
      expect(violations(message)).toEqual([]);
      const said = JSON.stringify(message.blocks);
      expect(said).not.toMatch(/<!channel>|<@U9>|[^\u2060]@here/);
      expect(message.file?.content.split('\n').length).toBeGreaterThan(200);
      expect(message.file?.content).not.toContain('\u202e');
    },
  );
});
