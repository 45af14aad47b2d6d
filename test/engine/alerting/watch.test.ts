import { beforeEach, describe, expect, it } from '@jest/globals';
import { circumstancesOf } from '../../../src/engine/alerting/around.js';
import { clear, critical, warning } from '../../domain/alerting/follow-scene.js';
import { oneRedis } from '../../redis.js';
import { makeScene, START, type Scene } from './scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(() => {
  scene = makeScene(redis);
});

describe('a sample of a healthy cluster', () => {
  it('writes nothing but the outlook, and asks nothing of what only explains alerts', async () => {
    await scene.sample({});
    expect((await redis.client.keys('*')).toSorted()).toEqual(['{steward}:outlooks']);
    expect(scene.seen.asked).toEqual(['nospace', 'broken']);
    const [outlook] = await scene.deps.alerts.outlooks(['calico-prod']);
    expect(outlook).toMatchObject({ members: 3, unreadableSince: null, incidents: [] });
    expect(outlook?.share).toBeGreaterThan(0);
  });

  it('that read the metrics judges what they say, and now and then works out the trend', async () => {
    await scene.sample({}, { metricsRead: true });
    expect(scene.seen.asked).toEqual(['activity', 'nospace', 'disk', 'broken']);
    const learnt = await scene.deps.alerts.load('calico-prod');
    expect(learnt).toMatchObject({ version: 1, trend: { at: START + 15_000 } });
    await scene.sample({}, { metricsRead: true, afterMs: 60_000 });
    expect((await scene.deps.alerts.load('calico-prod')).version).toBe(1);
    await scene.sample({}, { metricsRead: true, afterMs: 240_000 });
    expect((await scene.deps.alerts.load('calico-prod')).version).toBe(2);
  });

  it('is not disturbed by a rule that fails', async () => {
    await scene.sample({ nospace: critical() });
    expect(scene.seen.logged).toContain('an alert rule failed');
    expect(scene.seen.shown).toContainEqual({ kind: 'incident', id: 'i1', version: 1 });
  });
});

describe('a sample of a cluster in trouble', () => {
  it('opens one incident, shows it, pages what is critical, and writes it into the trail', async () => {
    await scene.sample({ nospace: critical('every write is refused') });
    expect(scene.seen.shown).toEqual([
      { kind: 'incident', id: 'i1', version: 1 },
      { kind: 'page', id: 'i1', version: 1 },
    ]);
    expect(scene.seen.audit).toMatchObject([{ event: 'incident.opened', cluster: 'calico-prod' }]);
    await scene.sample({ nospace: critical('every write is refused') });
    expect(scene.seen.shown).toHaveLength(2);
    const [outlook] = await scene.deps.alerts.outlooks(['calico-prod']);
    expect(outlook?.incidents).toEqual([{ id: 'i1', severity: 'critical', title: 'NOSPACE' }]);
  });

  it('resolves it by what it sees later, once', async () => {
    await scene.sample({ nospace: critical() });
    for (let i = 0; i < 6; i++) await scene.sample({ nospace: clear });
    expect(scene.seen.audit.map(({ event }) => event)).toEqual(['incident.opened', 'incident.resolved']);
    expect(await scene.deps.alerts.open()).toEqual([]);
  });

  it('keeps quiet about what its own operation causes, also between two readings of the metrics', async () => {
    scene.world.holder = 'op1';
    await scene.sample({ disk: warning() }, { metricsRead: true });
    await scene.sample({ disk: warning() });
    expect(scene.seen.shown).toEqual([]);
    scene.world.holder = null;
    await scene.sample({ disk: warning() }, { metricsRead: true });
    expect(scene.seen.shown).toEqual([{ kind: 'incident', id: 'i1', version: 1 }]);
  });

  it('holds back nothing because a cluster has no maintenance windows', async () => {
    await scene.sample({ disk: warning() }, { metricsRead: true });
    expect(scene.seen.shown).toHaveLength(1);
  });

  it.each([
    ['from two to five', 120, 300, 'window'],
    ['overnight', 1320, 300, 'window'],
    ['all day', 0, 1440, undefined],
    ['in all but an hour of the day', 300, 240, undefined],
  ] as const)(
    'is quiet in a window %s only if its hours explain trouble',
    async (_, fromMinute, toMinute, kind) => {
      const days = ['mon', 'tue', 'wed'] as const;
      const cluster = { ...scene.cluster, windows: [{ days, fromMinute, toMinute, zone: 'UTC' }] };
      const moment = { now: START, clusterId: null, trend: null };
      expect((await circumstancesOf(scene.deps, cluster, moment)).quiet?.kind).toBe(kind);
    },
  );

  it('by two monitors at once is one incident', async () => {
    const there = makeScene(redis);
    await Promise.all([scene.sample({ nospace: critical() }), there.sample({ nospace: critical() })]);
    expect(await scene.deps.alerts.open()).toHaveLength(1);
  });
});
