import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import type { StepRecord } from '../../src/domain/operation.js';
import { aScene } from './scene.js';
import { ask, cardSays, press, propose, refused, stepReplies, textOf, whispered } from './talk.js';
import { chainsOf } from './trail.js';
import { alarmsOf, defragmentations, locksIn, operationOf } from './truth.js';

const MOST_PER_PERSON = 3;

describe('Two bots that do everything, on one Redis', () => {
  const scene = aScene({
    etcd: { quotaBytes: 8 * 1024 ** 2 },
    cluster: { settle: '3s' },
    settings: { limits: { perPerson: MOST_PER_PERSON, perCluster: 1000 } },
    roles: ['all', 'all'],
  });
  let card: Message;
  let atWork: number;

  beforeAll(async () => {
    await fillUntilFull(scene.etcd.endpoints);
    card = await propose(scene);
  });

  it('count a person’s commands together, and refuse the fourth within a minute', async () => {
    for (const text of ['status', 'members', 'alarms']) await ask(scene, { text, user: 'vera' });
    const said = await refused(scene, { text: 'status', user: 'vera' });
    expect(said).toContain('You have asked 3 times within a minute, which is the most that I answer.');
    expect(said).toContain('buttons on cards still work');
    expect(await whispered(scene, 'vera', () => press(scene, 'vera', card, 'operation.details'))).toContain(
      'Details',
    );
  });

  it('take one approval once, whichever of them is clicked', async () => {
    const clicks = Array.from({ length: 10 }, (_, index) =>
      press(scene, index % 2 === 0 ? 'anna' : 'ben', card, 'operation.approve'),
    );
    expect((await Promise.all(clicks)).filter(({ failed }) => failed !== undefined)).toEqual([]);
    expect((await operationOf(scene.redis, card)).reviews).toHaveLength(1);
  });

  it('hand over: the one at work is told to end, and the other one goes on behind it', async () => {
    await until(async () => (await operationOf(scene.redis, card)).steps.some(isDefragmented), {
      what: 'one member is defragmented',
      everyMs: 50,
    });
    const chains = await chainsOf(scene.directory);
    atWork = chains.findIndex((events) => events.includes('operation.started'));
    await scene.bots[atWork]?.stop();
    expect(await scene.bots[atWork]?.ended).toBe(0);
    const said = textOf(await cardSays(scene, card, /Done/, 45_000));
    expect(said).toContain('Write probe: ✅');
  });

  it('have done each step once, and told it once', async () => {
    expect(await defragmentations(scene.etcd)).toEqual([1, 1, 1]);
    expect(await alarmsOf(scene.etcd)).toEqual([]);
    expect(await locksIn(scene.redis)).toEqual([]);
    const { steps } = await operationOf(scene.redis, card);
    const said = await stepReplies(scene, card, steps.length);
    steps.forEach(({ step }, index) => expect(said[index]).toContain(step.label));
    expect(said).toHaveLength(steps.length);
  });

  it('have each written down what they did', async () => {
    const told = (await chainsOf(scene.directory)).map((events) => events.slice(-2));
    expect(told[atWork]).toEqual(['operation.handed-over', 'process.stopped']);
    expect(told[1 - atWork]).toEqual(['step.done', 'operation.succeeded']);
  });
});

function isDefragmented({ step, state }: StepRecord): boolean {
  return step.kind === 'defragment' && state === 'done';
}
