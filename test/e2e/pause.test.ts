import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import type { StepRecord } from '../../src/domain/operation.js';
import { CLUSTER } from './configuration.js';
import { aScene } from './scene.js';
import {
  ask,
  cardSays,
  cardTells,
  fillIn,
  headerOf,
  press,
  propose,
  refused,
  textOf,
  whispered,
} from './talk.js';
import { alarmsOf, defragmentations, locksIn, operationOf } from './truth.js';
import { trailOf } from './trail.js';

const BANNER = `Changes are paused for ${CLUSTER}`;

describe('A pause of all changes', () => {
  const scene = aScene({ etcd: { quotaBytes: 8 * 1024 ** 2 }, cluster: { settle: '3s' } });
  let card: Message;

  beforeAll(async () => {
    await fillUntilFull(scene.etcd.endpoints);
    card = await propose(scene);
  });

  it.each(['vera', 'nora'])('is not for %s, who may neither propose nor approve', async (user) => {
    const said = await refused(scene, { text: 'pause --reason "because I can"', user });
    expect(said).toContain(`You are not among the operators or approvers of ${CLUSTER}`);
  });

  it('asks for its reason, and is told to everybody', async () => {
    const answered = scene.drive.waitForMessage('platform', (one) => headerOf(one).includes(BANNER));
    await scene.drive.command({ user: 'anna', channel: 'platform', text: 'pause' });
    await fillIn(scene, 'anna', { form: 'operation.propose', reason: 'a release until 18:00' });
    const said = textOf(await answered);
    expect(said).toContain('By <@U0ANNA>: a release until 18:00');
    expect(said).toContain('1 open operation: each card says so.');
  });

  it('stands on every open card, and nothing is approved', async () => {
    const said = textOf(await cardTells(scene, card, new RegExp(BANNER)));
    expect(said).toContain('by <@U0ANNA>: a release until 18:00. Nothing is approved or started until');
    const told = await whispered(scene, 'ben', () => press(scene, 'ben', card, 'operation.approve'));
    expect(told).toContain('Changes are paused by <@U0ANNA>: a release until 18:00.');
    expect((await operationOf(scene.redis, card)).state).toBe('pending');
  });

  it('of one cluster is not lifted by resuming all, and ends by resuming that one', async () => {
    const all = await ask(scene, { text: 'resume all --reason done' });
    expect(textOf(all.message)).toContain('Changes were not paused.');
    const { message } = await ask(scene, { text: 'resume --reason "released early"' });
    expect(headerOf(message)).toBe(`▶ Changes go on for ${CLUSTER}`);
    await until(async () => !textOf(await shown()).includes('paused'), { what: 'the card is as before' });
  });

  it('stops what runs after its step, and says what was and was not done', async () => {
    await press(scene, 'anna', card, 'operation.approve');
    await until(async () => (await operationOf(scene.redis, card)).steps.some(isDefragmented), {
      what: 'one member is defragmented',
    });
    const { message } = await ask(scene, { text: 'pause all --reason "an incident elsewhere"', user: 'ben' });
    expect(headerOf(message)).toBe('⏸ Changes are paused for all clusters');
    const said = textOf(await cardSays(scene, card, /Cancelled/));
    expect(said).toMatch(
      /Stopped by <@U0BEN> after: Compact history[^\n]*; Defragment m\d[^\n]*an incident elsewhere/,
    );
    expect(said).toMatch(/Not done: .*Defragment m\d.*; Disarm NOSPACE/);
  });

  it('leaves nothing under way: etcd is as the card says, and its lock is free', async () => {
    const { steps } = await operationOf(scene.redis, card);
    expect(steps.filter(({ state }) => state === 'begun' || state === 'unclear')).toEqual([]);
    expect((await defragmentations(scene.etcd)).toSorted()).toEqual([0, 0, 1]);
    expect((await alarmsOf(scene.etcd)).length).toBeGreaterThan(0);
    expect(await locksIn(scene.redis)).toEqual([]);
  });

  it('holds for what is proposed meanwhile, until it is lifted', async () => {
    card = await propose(scene);
    expect(textOf(card)).toContain('Changes are paused for all clusters');
    const { message } = await ask(scene, { text: `resume ${CLUSTER} --reason over` });
    expect(textOf(message)).toContain('Changes stay paused for all clusters: an incident elsewhere.');
    await ask(scene, { text: 'resume all --reason "the incident is over"' });
    await press(scene, 'anna', card, 'operation.approve');
    await cardSays(scene, card, /Done/, 45_000);
    expect(await defragmentations(scene.etcd)).toEqual([1, 1, 1]);
    expect(await alarmsOf(scene.etcd)).toEqual([]);
  });

  it('is in the record, with who and why', async () => {
    const trail = await trailOf(scene.directory);
    const steered = trail.filter(({ event }) => event.startsWith('changes.'));
    expect(steered.map(({ event, who, why }) => [event, who, why])).toEqual([
      ['changes.paused', 'U0ANNA', 'a release until 18:00'],
      ['changes.resumed', 'U0OLGA', 'released early'],
      ['changes.paused', 'U0BEN', 'an incident elsewhere'],
      ['changes.resumed', 'U0OLGA', 'the incident is over'],
    ]);
  });

  async function shown(): Promise<Message> {
    const messages = await scene.drive.messages('platform');
    return messages.find(({ ts }) => ts === card.ts) ?? card;
  }
});

function isDefragmented({ step, state }: StepRecord): boolean {
  return step.kind === 'defragment' && state === 'done';
}
