import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import { aScene } from './scene.js';
import { ask, cardSays, headerOf, press, propose, stepReplies, textOf } from './talk.js';
import { alarmsOf, defragmentations, operationOf } from './truth.js';

describe('With TLS, each role in a process of its own, and two of those that work', () => {
  const scene = aScene({
    etcd: { quotaBytes: 8 * 1024 ** 2, tls: true },
    cluster: ({ etcd }) => ({ tls: { ...etcd.tls } }),
    roles: ['monitor', 'reader', 'reader', 'executor', 'executor', 'bot'],
  });

  beforeAll(async () => {
    const { endpoints, tls } = scene.etcd;
    await fillUntilFull(endpoints, tls ? { tls } : {});
  });

  it('a question is answered', async () => {
    const { message } = await ask(scene, { text: 'status' });
    expect(headerOf(message)).toContain('is full: every write is refused');
  });

  it('a fix is carried out, once', async () => {
    const card = await propose(scene);
    await press(scene, 'anna', card, 'operation.approve');
    expect(textOf(await cardSays(scene, card, /Done/))).toContain('Write probe: ✅');
    expect(await defragmentations(scene.etcd)).toEqual([1, 1, 1]);
    expect(await alarmsOf(scene.etcd)).toEqual([]);
    const { steps } = await operationOf(scene.redis, card);
    expect(await stepReplies(scene, card, steps.length)).toHaveLength(steps.length);
  });
});
