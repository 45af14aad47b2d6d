import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Outlook } from '../../../src/domain/alerting/incident.js';
import { survey, together } from '../../../src/engine/alerting/survey.js';
import { TargetError } from '../../../src/domain/errors.js';
import { critical } from '../../domain/alerting/follow-scene.js';
import { oneRedis } from '../../redis.js';
import { makeScene, START, type Scene } from './scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(() => {
  scene = makeScene(redis);
  scene.deps.clusters = Array.from({ length: 10 }, (_, i) => ({ ...scene.cluster, name: `c${String(i)}` }));
});

async function dark(count: number): Promise<void> {
  for (const [index, { name }] of scene.deps.clusters.entries()) {
    const unreadableSince = index < count ? START + index * 1000 : null;
    await scene.deps.alerts.saveOutlook({ cluster: name, unreadableSince } as Outlook);
  }
}

describe('a monitor that sees nothing of many clusters at once', () => {
  it('says so once, in the channel for alerts, and sees again when they come back', async () => {
    await dark(3);
    await survey(scene.deps);
    await survey(scene.deps);
    const [incident] = await scene.deps.alerts.open();
    expect(incident).toMatchObject({ cluster: '*', channel: 'C0ALERTS', version: 1, severity: 'critical' });
    expect(scene.world.blindSince).toBe(START);
    await dark(0);
    for (let i = 0; i < 3; i++) {
      scene.world.now += 15_000;
      await survey(scene.deps);
    }
    expect([await scene.deps.alerts.open(), scene.world.blindSince]).toEqual([[], null]);
  });

  it('is not blind for two clusters, nor for many that fell silent one by one', async () => {
    await dark(2);
    await survey(scene.deps);
    expect(await scene.deps.alerts.open()).toEqual([]);
    const outlooks = [0, 60_000, 61_000, 200_000].map(
      (unreadableSince, i) => ({ cluster: `c${String(i)}`, unreadableSince }) as Outlook,
    );
    expect(together([...outlooks, null], 24_500)).toEqual(['c1', 'c2']);
  });
});

describe('a cluster that left the configuration', () => {
  it('has its incidents ended, once no monitor samples it any more', async () => {
    await scene.sample({ nospace: critical() });
    const left = scene.world.now;
    await survey(scene.deps);
    scene.world.now = left + 30 * 60_000;
    await survey(scene.deps);
    expect(await scene.deps.alerts.open()).toHaveLength(1);
    scene.world.now = left + 61 * 60_000;
    scene.seen.shown.length = 0;
    await survey(scene.deps);
    expect(await scene.deps.alerts.open()).toEqual([]);
    const ended = await scene.deps.alerts.incident('i1');
    expect(ended?.events.at(-1)?.text).toMatch(/^Resolved after .*: it is not watched any more\.$/);
    expect(scene.seen.shown).toContainEqual({ kind: 'page', id: 'i1', version: 2 });
  });
});

describe('the heartbeat', () => {
  it.each<[string, number, (scene: Scene) => void]>([
    ['beats while all is tried and told', 1, () => undefined],
    ['stays away while a cluster was not tried', 0, ({ world }) => void (world.late = true)],
    ['stays away while a message waits for a minute', 0, ({ world }) => void (world.oldest = START - 60_000)],
    ['beats while a message waits for less', 1, ({ world }) => void (world.oldest = START - 59_000)],
    ['beats of one monitor only', 0, ({ deps }) => void (deps.limits.take = async () => false)],
  ])('%s', async (_what, beats, change) => {
    change(scene);
    await survey(scene.deps);
    expect(scene.seen.beats).toBe(beats);
  });

  it('that is not taken fails nothing else', async () => {
    scene.deps.heartbeat.beat = () => Promise.reject(new TargetError('timeout', 'heartbeat', 'no answer'));
    await survey(scene.deps);
    expect(scene.seen.logged).toEqual(['the heartbeat was not taken']);
  });
});

describe('a Redis that fills up', () => {
  it.each<[number | null, readonly string[]]>([
    [null, []],
    [0.69, ['relax']],
    [0.75, []],
    [0.8, ['thin']],
  ])('at %s of its memory: %j', async (used, asked) => {
    scene.world.used = used;
    await survey(scene.deps);
    expect(scene.seen.asked).toEqual(asked);
  });

  it('is said once a day', async () => {
    scene.world.used = 0.85;
    await survey(scene.deps);
    await survey(scene.deps);
    expect(scene.seen.notices).toMatchObject([{ title: 'Redis is nearly full', channel: 'C0ALERTS' }]);
    expect(scene.seen.shown).toEqual([{ kind: 'notice', id: scene.seen.notices[0]?.id, version: 1 }]);
  });
});
