import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Acked } from '../../infra/local/slack/index.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { aScene } from './scene.js';
import { ask, cardSays, headerOf, markerOf, press, propose, refused, stepReplies } from './talk.js';
import { alarmsOf, defragmentations, inRedis, operationOf } from './truth.js';

const QUOTA_BYTES = 8 * 1024 ** 2;
/** A person who waits for an answer: Redis itself is given a second. */
const SAID_WITHIN_MS = 1500;
const STATUS = { user: 'olga', channel: 'platform', text: 'status' };

describe('While Slack is away', () => {
  const scene = aScene({ etcd: { quotaBytes: QUOTA_BYTES }, expectedTrouble: /"from":"bolt"/ });
  let card: Message;

  beforeAll(async () => {
    await fillUntilFull(scene.etcd.endpoints);
    card = await propose(scene);
    // Slack has said who she is.
    await ask(scene, { text: 'operations', user: 'anna' });
  });

  it('an approved operation runs to its end, and all of it is told afterwards, once', async () => {
    await press(scene, 'anna', card, 'operation.approve');
    scene.slack.faults.outage(true);
    await until(async () => (await operationOf(scene.redis, card)).state === 'succeeded', {
      what: 'the operation has succeeded',
      timeoutMs: 30_000,
    });
    scene.slack.faults.outage(false);
    await cardSays(scene, card, /Done/, 45_000);
    const { steps } = await operationOf(scene.redis, card);
    expect(await stepReplies(scene, card, steps.length)).toHaveLength(steps.length);
    expect(await alarmsOf(scene.etcd)).toEqual([]);
    expect(await defragmentations(scene.etcd)).toEqual([1, 1, 1]);
  });

  it('commands are taken again as soon as it is back', async () => {
    await until(() => scene.slack.connections() > 0, { what: 'the bot is connected', timeoutMs: 20_000 });
    const { message } = await ask(scene, { text: 'status' });
    expect(headerOf(message)).toContain('healthy');
  });

  it.each([
    ['asks to wait', { status: 'rate_limited', retryAfter: 1 }],
    ['fails', { status: 500 }],
    ['breaks the connection', { status: 'connection-reset' }],
    ['has posted it and loses the answer', { status: 'ok-but-lost-answer' }],
  ])('an answer comes once where Slack %s', async (_how, fault) => {
    scene.slack.faults.fail('chat.postMessage', { ...fault, times: 1 });
    const { message } = await ask(scene, { text: 'alarms' });
    const marker = markerOf(message);
    await outboxIsEmpty();
    const posted = (await scene.drive.messages('platform')).filter((one) => markerOf(one) === marker);
    expect(posted).toHaveLength(1);
  });

  it('Slack’s routine refresh of the connection loses no command', async () => {
    scene.slack.faults.disconnectSockets();
    await until(() => scene.slack.connections() > 0, { what: 'the bot is connected', timeoutMs: 20_000 });
    const { message } = await ask(scene, { text: 'status' });
    expect(headerOf(message)).toContain('healthy');
  });

  async function outboxIsEmpty(): Promise<void> {
    await until(() => inRedis(scene.redis, async (redis) => (await redis.hlen('{steward}:outbox')) === 0), {
      what: 'the outbox is empty',
    });
  }
});

describe('While Redis is away', () => {
  const expectedTrouble = /a command or a click failed|Redis|redis|ECONN|Connection is closed|timed out/;
  const scene = aScene({
    etcd: { quotaBytes: QUOTA_BYTES },
    redis: { appendOnly: true },
    expectedTrouble,
  });
  let card: Message;

  beforeAll(async () => {
    await fillUntilFull(scene.etcd.endpoints);
    card = await propose(scene);
  });

  afterEach(async () => {
    scene.redis.resume();
  });

  it.each(['hangs', 'is gone'])('a command and a click are answered with that, when it %s', async (how) => {
    if (how === 'hangs') scene.redis.pause();
    else await scene.redis.kill();
    const begun = performance.now();
    const said = await refused(scene, { text: 'status' });
    expect(performance.now() - begun).toBeLessThan(SAID_WITHIN_MS);
    expect(said).toContain('My memory (Redis) does not answer');
    await press(scene, 'anna', card, 'operation.approve');
    await scene.drive.waitForEphemeral('anna', (one) => one.text.includes('Redis'));
    if (how === 'hangs') scene.redis.resume();
    else await scene.redis.restart();
    await until(async () => isTaken(await scene.drive.command(STATUS)), { what: 'commands are taken again' });
    const { message } = await ask(scene, { text: 'status' });
    expect(headerOf(message)).toContain('is full');
    expect((await operationOf(scene.redis, card)).state).toBe('pending');
    expect(await defragmentations(scene.etcd)).toEqual([0, 0, 0]);
  });

  it('what was proposed before can be approved and carried out afterwards', async () => {
    await press(scene, 'ben', card, 'operation.approve');
    await cardSays(scene, card, /Done/);
    expect(await defragmentations(scene.etcd)).toEqual([1, 1, 1]);
  });
});

/** A refusal is in the ack; what was taken is answered later. */
function isTaken({ ackBody }: Acked): boolean {
  return !JSON.stringify(ackBody ?? {}).includes('blocks');
}
