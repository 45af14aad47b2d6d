import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { startBot } from '../../infra/playground/bot.js';
import { incidentsIn, isRoot, replyThat, rootsIn, toldIn, unsentIn } from './incidents.js';
import { aScene, KEY, type Scene } from './scene.js';
import { cardSays, headerOf, markerOf } from './talk.js';

const SOON = { 'members-down': { for: '1s' }, 'insufficient-members': { for: '1s' } };

describe('With two monitors, and an incident under way', () => {
  const scene = aScene({
    roles: ['bot', 'reader', 'monitor', 'monitor', 'executor'],
    settings: { alerts: { thresholds: SOON } },
  });
  let root: Message;

  it('one is killed, and the other goes on', async () => {
    await scene.etcd.members[2]?.kill();
    root = await scene.drive.waitForMessage('platform', isRoot);
    expect(headerOf(root)).toMatch(/^🟡 Warning · calico-prod: m3 is down/);
    await scene.bots[2]?.kill();
    await scene.etcd.members[1]?.kill();
    const worse = await cardSays(scene, root, /Critical/);
    expect(headerOf(worse)).toContain('Quorum is lost: 1 of 3 voters');
  });

  it('both are killed, and one that starts again ends the same incident', async () => {
    await scene.bots[3]?.kill();
    await Promise.all(scene.etcd.members.map((member) => member.start()));
    await startMonitor(scene);
    expect(headerOf(await cardSays(scene, root, /Resolved/))).toContain('calico-prod');
    await replyThat(scene, root, /Resolved after .*3 of 3 voters are up/);
  });

  it('all of it was one message, and nothing was told twice', async () => {
    const [incident, ...others] = await incidentsIn(scene.redis);
    expect(others).toEqual([]);
    await until(async () => (await unsentIn(scene.redis)) === 0, { what: 'all of it is told' });
    expect((await rootsIn(scene)).map(markerOf)).toEqual([markerOf(root)]);
    expect(await toldIn(scene, root)).toEqual(incident?.events.slice(1).map(({ number }) => number));
    expect(incident?.events.map(({ kind }) => kind).filter((kind) => kind !== 'part-cleared')).toEqual([
      'opened',
      'worse',
      'resolved',
    ]);
  });
});

/** As the one that was killed, in the same scene. */
async function startMonitor(scene: Scene): Promise<void> {
  const { directory, redis, slack } = scene;
  const bot = await startBot({
    ...{ slack, redisUrl: redis.url, role: 'monitor', env: { STEWARD_KEY: KEY } },
    configFile: join(directory, 'steward.yaml'),
    logFile: join(directory, 'steward.log'),
  });
  scene.also({ stop: () => bot.kill() });
}
