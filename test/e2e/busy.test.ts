import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { aScene } from './scene.js';
import { ask, markerOf, press, propose, stepReplies } from './talk.js';
import { operationOf } from './truth.js';

describe('In a channel that a fix fills with its replies', () => {
  const scene = aScene({ etcd: { quotaBytes: 8 * 1024 ** 2 } });
  let card: Message;

  beforeAll(() => fillUntilFull(scene.etcd.endpoints).then(() => undefined));

  it('questions are answered within two seconds all the same', async () => {
    // Slack takes about one message a second in a channel, after a burst that all this uses up.
    for (const text of ['status', 'diagnose', 'members', 'alarms']) await ask(scene, { text });
    card = await propose(scene);
    await press(scene, 'anna', card, 'operation.approve');
    await until(async () => (await operationOf(scene.redis, card)).state === 'succeeded', {
      what: 'the fix is done, and not yet told',
      timeoutMs: 30_000,
      everyMs: 20,
    });
    const before = (await answers()).length;
    const begun = performance.now();
    const asked = ['status', 'members', 'alarms'].map((text) =>
      scene.drive.command({ user: 'vera', channel: 'platform', text }),
    );
    await Promise.all(asked);
    await until(async () => (await answers()).length === before + 3, {
      what: 'all three are answered',
      everyMs: 20,
    });
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it('every step is told, later', async () => {
    const { steps } = await operationOf(scene.redis, card);
    expect(await stepReplies(scene, card, steps.length)).toHaveLength(steps.length);
  });

  async function answers(): Promise<readonly string[]> {
    return (await scene.drive.messages('platform')).map(markerOf).filter((one) => one.startsWith('answer:'));
  }
});
