import { describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import type { Incident } from '../../src/domain/alerting/incident.js';
import { disarmAll, raiseCorrupt } from '../faults/etcd-by-hand.js';
import { incidentsIn, isRoot, replyThat, rootsIn, toldIn, unsentIn } from './incidents.js';
import { aScene } from './scene.js';
import { cardSays, cardTells, headerOf, markerOf, press } from './talk.js';

const SOON = { 'members-down': { for: '1s' }, 'insufficient-members': { for: '1s' } };

describe('While Slack is away, or loses what it was told', () => {
  const scene = aScene({
    etcd: { quotaBytes: 8 * 1024 ** 2 },
    settings: { alerts: { thresholds: SOON, reminders: { first: '1s', most: '1h' } } },
    expectedTrouble: /"from":"bolt"/,
  });

  it('an incident that begins, worsens and goes on is told afterwards once, as it is by then', async () => {
    scene.slack.faults.outage(true);
    await scene.etcd.members[2]?.kill();
    await happens(({ state }) => state === 'firing');
    await scene.etcd.members[1]?.kill();
    const { events } = await happens(
      ({ remindedAt, severity }) => severity === 'critical' && remindedAt.length > 1,
    );
    expect(await rootsIn(scene)).toEqual([]);
    scene.slack.faults.outage(false);
    const root = await scene.drive.waitForMessage('platform', isRoot, { timeoutMs: 40_000 });
    expect(headerOf(await cardSays(scene, root, /Critical/))).toContain('Quorum is lost');
    const worse = events.find(({ kind }) => kind === 'worse');
    const newest = events.findLast(({ kind }) => kind === 'reminder');
    const reminded = await replyThat(scene, root, /Still firing/);
    const told = await toldIn(scene, root);
    expect(told).toContain(worse?.number);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(Number(markerOf(reminded).split(':')[2])).toBeGreaterThanOrEqual(newest?.number ?? Infinity);
    await Promise.all(scene.etcd.members.map((member) => member.start()));
    await replyThat(scene, root, /Resolved after/);
    expect(await rootsIn(scene)).toHaveLength(1);
  });

  it('a root whose answer was lost is found again, and stands there once', async () => {
    scene.slack.faults.fail('chat.postMessage', { status: 'ok-but-lost-answer' });
    await raiseCorrupt(scene.etcd, 'm2');
    await rootsOf('corrupt', 1);
    await allTold();
    expect(await rootsOf('corrupt', 1)).toHaveLength(1);
    await disarmAll(scene.etcd);
    const [root] = await rootsOf('corrupt', 1);
    await cardSays(scene, root ?? missing(), /Resolved/);
    await replyThat(scene, root ?? missing(), /Resolved after/);
  });

  it('where the history may not be read it stands there twice at most, and the old one goes when it is clicked', async () => {
    scene.slack.faults.fail(/^conversations\.(history|replies)$/, { status: 'missing_scope', times: 100 });
    scene.slack.faults.fail('chat.postMessage', { status: 'ok-but-lost-answer' });
    await fillUntilFull(scene.etcd.endpoints);
    const [old, kept] = await rootsOf('space', 2);
    await allTold();
    await press(scene, 'olga', old ?? missing(), 'incident.details');
    const left = await until(
      async () => {
        const roots = await rootsOf('space', 1);
        return roots.length === 1 && roots;
      },
      { what: 'the old one is gone' },
    );
    expect(left.map(({ ts }) => ts)).toEqual([kept?.ts]);
    await press(scene, 'olga', kept ?? missing(), 'incident.acknowledge');
    await cardTells(scene, kept ?? missing(), /is on it/);
  });

  function allTold(): Promise<unknown> {
    return until(async () => (await unsentIn(scene.redis)) === 0, { what: 'nothing is left to be told' });
  }

  function happens(is: (incident: Incident) => boolean): Promise<Incident> {
    return until(
      async () => (await incidentsIn(scene.redis)).find((one) => one.cause === 'members' && is(one)),
      {
        what: 'the monitor has seen it',
        timeoutMs: 20_000,
      },
    );
  }

  /** So many at least. */
  async function rootsOf(cause: string, count: number): Promise<readonly Message[]> {
    return until(
      async () => {
        const ids = (await incidentsIn(scene.redis)).filter((one) => one.cause === cause).map(({ id }) => id);
        const roots = (await rootsIn(scene)).filter((one) =>
          ids.includes(markerOf(one).slice('incident:'.length)),
        );
        return roots.length >= count && roots;
      },
      { what: `${String(count)} roots stand there`, timeoutMs: 20_000 },
    );
  }
});

function missing(): never {
  throw new Error('there is no such message');
}
