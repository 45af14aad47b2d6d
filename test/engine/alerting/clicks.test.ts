import { beforeEach, describe, expect, it } from '@jest/globals';
import { acknowledge } from '../../../src/engine/alerting/acknowledge.js';
import { listIncidents } from '../../../src/engine/alerting/list-incidents.js';
import { muteAlerts, muteIncident, unmuteAlerts } from '../../../src/engine/alerting/mute.js';
import { clear, critical, HOUR } from '../../domain/alerting/follow-scene.js';
import { oneRedis } from '../../redis.js';
import { makeScene, OPERATOR, type Scene } from './scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(async () => {
  scene = makeScene(redis);
  await scene.sample({ nospace: critical() });
});

const here = { incidentId: 'i1', actor: OPERATOR, channel: 'C0PLATFORM' };
const kinds = async () => (await scene.deps.alerts.incident('i1'))!.events.map(({ kind }) => kind);
const body = () => scene.seen.answers.at(-1)?.body;

describe('an acknowledgement', () => {
  it('is told once, whoever repeats it', async () => {
    expect(await acknowledge(scene.deps, here)).toMatchObject({ ok: true, value: { version: 2 } });
    const again = await acknowledge(scene.deps, { ...here, actor: { teamId: 'T1', userId: 'U2' } });
    expect(again).toMatchObject({ ok: true, value: { version: 2, acknowledged: { by: OPERATOR } } });
    expect(await kinds()).toEqual(['opened', 'acknowledged']);
    expect(scene.seen.audit.map(({ event }) => event)).toEqual(['incident.opened', 'incident.acknowledged']);
  });

  it('by somebody without the right, or in another channel, is refused', async () => {
    const stranger = { ...here, actor: { teamId: 'T1', userId: 'UNOBODY' } };
    expect(await acknowledge(scene.deps, stranger)).toMatchObject({ ok: false });
    expect(await acknowledge(scene.deps, { ...here, channel: 'C0OTHER' })).toMatchObject({ ok: false });
    expect(await kinds()).toEqual(['opened']);
  });

  it('that comes too late is answered with how it ended', async () => {
    for (let i = 0; i < 4; i++) await scene.sample({ nospace: clear });
    const late = await acknowledge(scene.deps, here);
    expect(late).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^This is over: it was resolved after/),
    });
    expect(await acknowledge(scene.deps, { ...here, incidentId: 'i9' })).toMatchObject({ ok: false });
  });
});

describe('a mute', () => {
  it('of an incident holds for what fires in it, until its time', async () => {
    const asked = { ...here, forMs: HOUR, reason: 'known.' };
    expect(await muteIncident(scene.deps, asked)).toMatchObject({
      ok: true,
      value: { mute: { rule: 'nospace' } },
    });
    expect(await kinds()).toEqual(['opened', 'muted']);
    await scene.sample({ nospace: critical() }, { afterMs: HOUR / 2 });
    expect(await scene.deps.alerts.incident('i1')).toMatchObject({ version: 2, mute: { reason: 'known.' } });
    await scene.sample({ nospace: critical() }, { afterMs: HOUR });
    expect((await scene.deps.alerts.incident('i1'))?.mute).toBeUndefined();
  });

  it('for longer than thirty days, or for no time, is refused', async () => {
    expect(await muteIncident(scene.deps, { ...here, forMs: 31 * 24 * HOUR, reason: '' })).toMatchObject({
      ok: false,
    });
    await muteAlerts(scene.deps, scene.question({ for: 'soon' }));
    expect(body()).toMatchObject({ kind: 'refusal', reason: 'That is no span of time.' });
    await muteAlerts(scene.deps, scene.question({ rule: 'nospce' }));
    expect(body()).toMatchObject({ kind: 'refusal', safe: ['Did you mean `nospace`?'] });
    expect(await scene.deps.mutes.list(scene.world.now)).toEqual([]);
  });

  it('by command is two hours long unless told otherwise, and is lifted by name or all at once', async () => {
    await muteAlerts(scene.deps, scene.question({ rule: 'nospace', reason: 'load test' }));
    expect(body()).toMatchObject({
      kind: 'muted',
      mute: { until: scene.world.now + 2 * HOUR, reason: 'load test' },
    });
    await listIncidents(scene.deps, scene.question({}, null));
    expect(body()).toMatchObject({
      kind: 'incidents',
      incidents: [{ id: 'i1' }],
      mutes: [{ rule: 'nospace' }],
    });
    await unmuteAlerts(scene.deps, scene.question());
    expect(body()).toMatchObject({ kind: 'muted', mute: null, lifted: [{ rule: 'nospace' }] });
    expect(await kinds()).toEqual(['opened', 'muted', 'unmuted']);
    await unmuteAlerts(scene.deps, scene.question());
    expect(body()).toMatchObject({ kind: 'refusal', reason: 'Nothing like that is muted here.' });
  });

  it('from its start still fires: it is listed, with who muted it, though it was never posted', async () => {
    for (let i = 0; i < 60; i++) await scene.sample({});
    await muteAlerts(scene.deps, scene.question({ reason: 'load test' }));
    await scene.sample({ nospace: critical() });
    await listIncidents(scene.deps, scene.question({}, null));
    expect(body()).toMatchObject({
      kind: 'incidents',
      incidents: [{ state: 'firing', untold: true, severity: 'critical', mute: { by: { userId: 'U1' } } }],
    });
  });

  it('of all clusters covers each, and only that of all lifts it', async () => {
    await muteAlerts(scene.deps, scene.question({}, null));
    expect(await kinds()).toEqual(['opened', 'muted']);
    await unmuteAlerts(scene.deps, scene.question());
    expect(body()).toMatchObject({ safe: [expect.stringContaining('unmute all')] });
  });
});
