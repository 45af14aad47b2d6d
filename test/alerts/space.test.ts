import { describe, expect, it } from '@jest/globals';
import backupOld from '../../src/alerts/backup-old.js';
import compactionStopped from '../../src/alerts/compaction-stopped.js';
import databaseGrowth from '../../src/alerts/database-growth.js';
import databaseLarge from '../../src/alerts/database-large.js';
import fragmentation from '../../src/alerts/fragmentation.js';
import nospace from '../../src/alerts/nospace.js';
import quotaForecast from '../../src/alerts/quota-forecast.js';
import quotaLow from '../../src/alerts/quota-low.js';
import quotaSettings from '../../src/alerts/quota-settings.js';
import type { Forecast } from '../../src/domain/alerting/past.js';
import type { AlertView } from '../../src/domain/alerting/rule.js';
import { unknown } from '../../src/domain/fact.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { forecast, trend } from '../domain/alerting/sizes.js';
import {
  DAY,
  full,
  GIB,
  healthy,
  HOUR,
  IDS,
  MIB,
  NOW,
  withAlarms,
  withEveryMetrics,
  withEveryStatus,
  withFact,
  withMetrics,
  withoutFact,
  withoutMetrics,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { look } from './look.js';
import { table } from './table.js';

/** m2 with so much of its quota of 2 GiB, and so much of it in use. */
function filled(size: number, inUse: number | null, base = healthy()): Snapshot {
  const bytes = { sizeBytes: size * 2 * GIB, inUseBytes: inUse === null ? null : inUse * 2 * GIB };
  return withMetrics(withStatus(base, 'm2', bytes), 'm2', bytes);
}

describe('nospace', () => {
  table(nospace, [
    ['no alarm', {}, 'clear', 'no NOSPACE alarm is armed any more'],
    ['armed on one', { snapshot: full(healthy()) }, 'critical', 'Every write is refused: NOSPACE on m1'],
    [
      'armed under the quota',
      { snapshot: withAlarms(healthy(), [{ memberId: IDS[1] ?? '', kind: 'NOSPACE' }]) },
      'critical',
    ],
    ['another alarm', { snapshot: withAlarms(healthy(), [{ memberId: '0', kind: 'CORRUPT' }]) }, 'clear'],
    ['at the quota without the alarm', { snapshot: filled(1, 1) }, 'clear'],
    [
      'alarms that could not be read',
      { snapshot: withFact(healthy(), 'alarms', unknown('timeout', 'no answer')), firing: 'critical' },
      'unknown',
      'no answer',
    ],
    ['alarms that were not read', { snapshot: withoutFact(healthy(), 'alarms') }, 'unknown'],
  ]);

  it('is told at once', () => {
    expect(nospace.forMs('critical', {})).toBe(0);
  });
});

describe('quota-low', () => {
  table(quotaLow, [
    ['a third', {}, 'clear'],
    ['right below the warning', { snapshot: filled(0.7999, 0.7) }, 'clear'],
    ['right at the warning', { snapshot: filled(0.8, 0.8) }, 'warning'],
    ['right below critical', { snapshot: filled(0.9499, 0.9) }, 'warning'],
    ['right at critical', { snapshot: filled(0.95, 0.9) }, 'critical'],
    ['right at critical, as much in use as may be', { snapshot: filled(0.95, 0.8) }, 'critical'],
    [
      'high, with little in use',
      { snapshot: filled(0.96, 0.25) },
      'warning',
      'm2 is at 96 % of the quota (1.9 GiB of 2 GiB), but only 25 % in use: a defragmentation helps',
    ],
    ['all of it, with little in use', { snapshot: filled(1, 0.7999) }, 'warning'],
    ['high, and what is in use is not known', { snapshot: filled(0.96, null) }, 'critical'],
    ['a little less while it warns', { snapshot: filled(0.761, 0.7), firing: 'warning' }, 'warning'],
    ['much less while it warns', { snapshot: filled(0.759, 0.7), firing: 'warning' }, 'clear'],
    ['a little less while it is critical', { snapshot: filled(0.911, 0.9), firing: 'critical' }, 'critical'],
    ['much less while it is critical', { snapshot: filled(0.909, 0.9), firing: 'critical' }, 'warning'],
    ['a rise while it warns', { snapshot: filled(0.94, 0.9), firing: 'warning' }, 'warning'],
    ['another limit', { snapshot: filled(0.6, 0.5), limits: { warning: 0.6 } }, 'warning'],
    ['another critical limit', { snapshot: filled(0.9, 0.9), limits: { critical: 0.9 } }, 'critical'],
    ['another share in use', { snapshot: filled(0.96, 0.7), limits: { inUse: 0.7 } }, 'critical'],
    ['the full one is silent', { snapshot: withUnreachable(healthy(), 'm2'), firing: 'critical' }, 'unknown'],
    ['another one is silent', { snapshot: withUnreachable(filled(0.96, 0.9), 'm3') }, 'critical'],
    ['no quota', { snapshot: withEveryMetrics(filled(0.96, 0.9), { quotaBytes: -1 }) }, 'unknown'],
    [
      'high, by a quota that nobody told',
      { snapshot: withoutFact(filled(0.96, 0.9), 'metrics') },
      'warning',
      'm2 is at 96 % of etcd’s default quota, which is a guess (1.9 GiB of 2 GiB)',
    ],
    [
      'more than a quota that nobody told, which therefore is another one',
      { snapshot: withoutFact(filled(1.4, 1.3), 'metrics') },
      'unknown',
    ],
    [
      'high, but the others tell a larger quota',
      { snapshot: withoutMetrics(withEveryMetrics(filled(0.96, 0.9), { quotaBytes: 8 * GIB }), 'm2') },
      'unknown',
      'nothing that was read says the quota of m2',
    ],
  ]);
});

describe('quota-forecast', () => {
  const inHours = (hours: number, patch: Partial<Forecast> = {}) => ({
    trend: trend({ forecast: forecast({ reachedAt: NOW + hours * HOUR, ...patch }) }),
  });

  table(quotaForecast, [
    ['not watched yet', {}, 'unknown'],
    ['no growth', { trend: trend() }, 'clear', 'the sizes do not grow towards the quota'],
    [
      'more than three days',
      inHours(72.01),
      'clear',
      'the quota is not reached before 2026-03-13 03:00 UTC, in about 3 days',
    ],
    ['three days', inHours(72), 'warning', 'm2 reaches its quota in about 3 days (2026-03-13 03:00 UTC)'],
    ['more than four hours', inHours(4.01), 'warning'],
    ['four hours', inHours(4), 'critical', 'm2 reaches its quota in about 4 h (2026-03-10 07:00 UTC)'],
    ['three days, by a guess', inHours(72, { confidence: 'low' }), 'clear'],
    ['four hours, by a guess', inHours(4, { confidence: 'low' }), 'warning'],
    ['four hours, with medium confidence', inHours(4, { confidence: 'medium' }), 'critical'],
    ['reached already', inHours(-1), 'critical', 'm2 may reach its quota at any moment'],
    ['somewhat later while it warns', inHours(108, {}), 'clear'],
    ['somewhat later while it warns already', { ...inHours(108), firing: 'warning' }, 'warning'],
    ['much later while it warns', { ...inHours(108.1), firing: 'warning' }, 'clear'],
    ['somewhat later while it is critical', { ...inHours(6), firing: 'critical' }, 'critical'],
    ['much later while it is critical', { ...inHours(6.1), firing: 'critical' }, 'warning'],
    [
      'defragmented since the forecast was made',
      inHours(1, { levelBytes: 100 * GIB }),
      'clear',
      'm2 has become smaller since',
    ],
    [
      'cleaned up since the forecast was made',
      { ...inHours(1, { levelBytes: 0.9 * 2 * GIB }), snapshot: filled(0.95, 0.4) },
      'clear',
    ],
    [
      'between two tops of a saw-tooth',
      { ...inHours(1, { levelBytes: 0.9 * 2 * GIB, byTops: true }), snapshot: filled(0.95, 0.4) },
      'critical',
    ],
    [
      'defragmented since the tops were seen',
      { ...inHours(1, { levelBytes: 0.9 * 2 * GIB, byTops: true }), snapshot: filled(0.5, 0.4) },
      'clear',
    ],
    ['as large as the forecast has it', inHours(1, { levelBytes: 1 }), 'critical'],
    ['another limit', { ...inHours(100), limits: { warning: 5 * DAY } }, 'warning'],
  ]);
});

describe('database-growth', () => {
  const grown = (share: number, gib: number | null): Partial<AlertView> => ({
    snapshot: filled(share, share),
    trend: trend({ grownIn4hBytes: gib === null ? null : gib * GIB }),
  });

  table(databaseGrowth, [
    ['not watched for long enough', grown(0.6, null), 'unknown'],
    ['no trend', {}, 'unknown'],
    ['no growth', grown(0.6, 0), 'clear'],
    ['it shrank', grown(0.6, -0.5), 'clear', 'the database grew by 0 B in four hours'],
    ['right below what fills it', grown(0.75, 0.499), 'clear'],
    [
      'just as much as fills it',
      grown(0.75, 0.5),
      'warning',
      'It grew by 512 MiB in four hours, and 512 MiB are left on m2',
    ],
    ['fast, in a small database', grown(0.4999, 2), 'clear'],
    ['fast, in one half full', grown(0.5, 1), 'warning'],
    ['less while it fires', { ...grown(0.6, 0.401), firing: 'warning' }, 'warning'],
    ['much less while it fires', { ...grown(0.6, 0.399), firing: 'warning' }, 'clear'],
    ['full, without growth, while it fires', { ...grown(0.99, 0), firing: 'warning' }, 'clear'],
    ['another limit', { ...grown(0.4, 2), limits: { least: 0.4 } }, 'warning'],
  ]);
});

describe('fragmentation', () => {
  const used = (physicalMib: number, inUseMib: number | null): Snapshot =>
    filled(physicalMib / 2048, inUseMib === null ? null : inUseMib / 2048);

  table(fragmentation, [
    ['most is in use', {}, 'clear', 'at least 71 % of every file are in use'],
    ['half is in use', { snapshot: used(800, 400) }, 'clear'],
    [
      'less than half now, more within the last day',
      { snapshot: used(800, 200), trend: trend({ topInUseBytes: { [IDS[1] ?? '']: 500 * MIB } }) },
      'clear',
    ],
    [
      'less than half, also within the last day',
      { snapshot: used(800, 200), trend: trend({ topInUseBytes: { [IDS[1] ?? '']: 300 * MIB } }) },
      'warning',
      'm2 is fragmented: a defragmentation gives back about 500 MiB',
    ],
    [
      'less than half, not watched for a day yet',
      { snapshot: used(800, 399), watchedSince: NOW - DAY + 1 },
      'unknown',
    ],
    [
      'less than half',
      { snapshot: used(800, 399) },
      'warning',
      'm2 is fragmented: a defragmentation gives back about 401 MiB',
    ],
    ['little, of little', { snapshot: used(800, 100) }, 'clear'],
    ['hardly more than that', { snapshot: used(800, 101) }, 'warning'],
    ['somewhat more while it fires', { snapshot: used(800, 439), firing: 'warning' }, 'warning'],
    ['enough while it fires', { snapshot: used(800, 441), firing: 'warning' }, 'clear'],
    ['nearly the quota with little in use', { snapshot: used(2040, 200) }, 'warning'],
    ['another limit', { snapshot: used(800, 500), limits: { inUse: 0.7 } }, 'warning'],
    ['another least size', { snapshot: used(800, 50), limits: { least: 40 * MIB } }, 'warning'],
    ['one does not say', { snapshot: used(800, null) }, 'clear'],
    [
      'nobody says',
      { snapshot: withEveryMetrics(withEveryStatus(healthy(), { inUseBytes: null }), { inUseBytes: null }) },
      'unknown',
    ],
    ['the loose one is silent', { snapshot: withUnreachable(healthy(), 'm2'), firing: 'warning' }, 'unknown'],
  ]);
});

describe('compaction-stopped', () => {
  const stopped = (hours: number, revisions: number, watched: number | null = hours): Partial<AlertView> => ({
    snapshot: withEveryMetrics(healthy(), {
      currentRevision: 2_000_000,
      compactRevision: 2_000_000 - revisions,
      lastCompactionAt: NOW - hours * HOUR,
    }),
    trend: trend({ notCompactedSince: watched === null ? null : NOW - watched * HOUR }),
  });

  table(compactionStopped, [
    ['compacted a minute ago', {}, 'clear', 'compactions are seen again'],
    ['nearly three hours', stopped(2.99, 50_000), 'clear'],
    [
      'three hours',
      stopped(3, 50_000),
      'warning',
      'Nothing was compacted for 3 h: 50\u202f000 revisions have gathered',
    ],
    ['three hours, few revisions', stopped(3, 9999), 'clear', 'only 9\u202f999 revisions are kept'],
    ['three hours, just as many', stopped(3, 10_000), 'warning'],
    ['fewer while it fires', { ...stopped(4, 5000), firing: 'warning' }, 'warning'],
    ['far fewer while it fires', { ...stopped(4, 4999), firing: 'warning' }, 'clear'],
    ['seen to move lately, whatever etcd says', stopped(9, 50_000, 1), 'clear'],
    ['etcd’s word alone', stopped(5, 50_000, null), 'warning'],
    ['another span', { ...stopped(1, 50_000), limits: { after: HOUR } }, 'warning'],
    ['another number', { ...stopped(4, 500), limits: { revisions: 500 } }, 'warning'],
    [
      'never told, not watched',
      { snapshot: withEveryMetrics(healthy(), { lastCompactionAt: null }) },
      'unknown',
    ],
    ['no metrics', { snapshot: withoutFact(healthy(), 'metrics') }, 'unknown'],
    [
      'one member’s metrics are missing',
      { ...stopped(4, 50_000), snapshot: withoutMetrics(stopped(4, 50_000).snapshot ?? healthy(), 'm1') },
      'warning',
    ],
  ]);
});

describe('quota-settings', () => {
  table(quotaSettings, [
    ['all alike', {}, 'clear', 'every member that tells it has a quota of 2 GiB'],
    [
      'one differs',
      { snapshot: withMetrics(healthy(), 'm2', { quotaBytes: 8 * GIB }) },
      'warning',
      'The quotas differ: m1: 2 GiB, m2: 8 GiB, m3: 2 GiB',
    ],
    ['one has none', { snapshot: withMetrics(healthy(), 'm2', { quotaBytes: -1 }) }, 'warning'],
    [
      'nobody has one',
      { snapshot: withEveryMetrics(healthy(), { quotaBytes: -1 }) },
      'info',
      'm1, m2 and m3 have no quota',
    ],
    ['one does not tell it', { snapshot: withoutMetrics(healthy(), 'm2') }, 'clear'],
    ['nobody tells it', { snapshot: withoutFact(healthy(), 'metrics') }, 'unknown'],
    [
      'one does not tell it, and another one is configured',
      { snapshot: { ...withoutMetrics(healthy(), 'm2'), configuredQuotaBytes: 8 * GIB } },
      'clear',
    ],
  ]);
});

describe('database-large', () => {
  const large = (gib: number): Snapshot => withStatus(healthy(), 'm2', { sizeBytes: gib * GIB });

  table(databaseLarge, [
    ['small', {}, 'clear', 'no member is larger than 700 MiB'],
    ['right at it', { snapshot: large(8) }, 'clear'],
    [
      'above it',
      { snapshot: large(8.01) },
      'warning',
      'm2 is up to 8.0 GiB large; 8 GiB are recommended at most',
    ],
    ['somewhat smaller while it fires', { snapshot: large(7.61), firing: 'warning' }, 'warning'],
    ['smaller while it fires', { snapshot: large(7.6), firing: 'warning' }, 'clear'],
    ['another limit', { snapshot: large(5), limits: { size: 4 * GIB } }, 'warning'],
    ['the large one is silent', { snapshot: withUnreachable(healthy(), 'm2'), firing: 'warning' }, 'unknown'],
    ['nobody says', { snapshot: withoutFact(withoutFact(healthy(), 'status'), 'metrics') }, 'unknown'],
  ]);
});

describe('backup-old', () => {
  const unsaved = { ...look().cluster, backup: null };
  const cluster = { ...unsaved, backup: { directory: '/backups', keep: 7 } };
  const made = (days: number | null): Partial<AlertView> => ({
    cluster,
    lastBackupAt: days === null ? null : NOW - days * DAY,
  });

  table(backupOld, [
    [
      'no backups are configured',
      { cluster: unsaved, lastBackupAt: null },
      'clear',
      'no backups are configured',
    ],
    ['a fresh one', made(1), 'clear', 'the last backup is 24 h old'],
    ['a week old', made(7), 'clear'],
    ['older', made(7.01), 'warning', 'The last backup that I have made is 7 days old'],
    [
      'none for long',
      made(null),
      'warning',
      'I have made no backup in the 40 days that I have been watching',
    ],
    [
      'none yet',
      { ...made(null), watchedSince: NOW - 7 * DAY },
      'clear',
      'it is not watched for long enough',
    ],
    ['another age', { ...made(2), limits: { maxAge: DAY } }, 'warning'],
  ]);
});

it.each([quotaLow, databaseGrowth, fragmentation, quotaSettings, databaseLarge])(
  '$title is told after ten minutes',
  (rule) => {
    expect(rule.forMs('warning', { for: rule.thresholds['for']?.value ?? 0 })).toBe(HOUR / 6);
  },
);
