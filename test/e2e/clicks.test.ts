import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import type { StepRecord } from '../../src/domain/operation.js';
import { aScene, type Scene } from './scene.js';
import { ask, cardSays, fillIn, headerOf, press, propose, stepReplies, textOf, whispered } from './talk.js';
import {
  alarmsOf,
  compactions,
  defragmentations,
  idOf,
  locksIn,
  operationOf,
  removeOneKey,
} from './truth.js';

const QUOTA_BYTES = 8 * 1024 ** 2;

describe('However often something is clicked, delivered or queued', () => {
  // BullMQ itself refuses to start a job twice, which the log tells.
  const expectedTrouble = /job started more than allowable limit/;
  const scene = aScene({ etcd: { quotaBytes: QUOTA_BYTES }, expectedTrouble });
  let card: Message;
  let compacted: readonly number[];

  beforeAll(async () => {
    await fillUntilFull(scene.etcd.endpoints);
    card = await propose(scene);
    compacted = await compactions(scene.etcd);
    // Slack has said who they are before a hundred ask at once.
    for (const user of ['anna', 'ben']) await ask(scene, { text: 'operations', user });
  });

  it('a hundred approvals at once by two people start it once', async () => {
    scene.slack.faults.duplicateEnvelopes(20);
    const clicks = Array.from({ length: 100 }, (_, index) =>
      press(scene, index % 2 === 0 ? 'anna' : 'ben', card, 'operation.approve'),
    );
    const acks = await Promise.all(clicks);
    expect(acks.filter(({ failed }) => failed !== undefined)).toEqual([]);
    await cardSays(scene, card, /Done/);
    const { reviews, state } = await operationOf(scene.redis, card);
    expect(state).toBe('succeeded');
    expect(reviews).toHaveLength(1);
    await expectRunOnce();
  });

  it('everybody is told what has come of their click: one counts, the others came too late', async () => {
    const told = await until(
      async () => {
        const ephemerals = await scene.drive.ephemerals();
        return ephemerals.length >= 100 && ephemerals.map(textOf);
      },
      { what: 'all are told' },
    );
    const late = told.filter((said) => !said.includes('Your approval counts: 1 of 1. It starts now.'));
    expect(late).toHaveLength(99);
    for (const said of late) expect(said).toMatch(/already reviewed|approved already|has run already/);
  });

  it('a job that is doubled, and one that is retried by hand, do nothing', async () => {
    await withQueue(scene, async (queue) => {
      const [first] = await queue.getJobs(['completed']);
      await first?.retry('completed');
      const again = await queue.add('run-operation', { id: idOf(card) });
      await until(() => queue.getJobState(again.id ?? '').then((state) => state === 'completed'), {
        what: 'the doubled job has ended',
      });
      await until(async () => (await queue.getJobCountByTypes('active', 'waiting', 'prioritized')) === 0, {
        what: 'no job is left',
      });
    });
    await expectRunOnce();
  });

  it('each step has one reply, and the card stands once', async () => {
    const { steps } = await operationOf(scene.redis, card);
    expect(await stepReplies(scene, card, steps.length)).toHaveLength(steps.length);
    const cards = (await scene.drive.messages('platform')).filter((one) =>
      headerOf(one).includes('Make room'),
    );
    expect(cards).toHaveLength(1);
  });

  async function expectRunOnce(): Promise<void> {
    expect(await defragmentations(scene.etcd)).toEqual([1, 1, 1]);
    expect(await compactions(scene.etcd)).toEqual(compacted.map((count) => count + 1));
  }
});

describe('Before it has run', () => {
  const scene = aScene({ etcd: { quotaBytes: QUOTA_BYTES }, cluster: { settle: '5s' } });
  let card: Message;

  beforeAll(() => fillUntilFull(scene.etcd.endpoints).then(() => undefined));

  beforeEach(async () => {
    await removeOneKey(scene.etcd);
    card = await propose(scene);
  });

  it('a denial asks for its reason, and ends it', async () => {
    await press(scene, 'ben', card, 'operation.deny');
    await fillIn(scene, 'ben', { form: 'operation.review', reason: 'not during the sale' });
    const said = textOf(await cardSays(scene, card, /Denied/));
    expect(said).toContain(`<@${scene.slack.users['ben'] ?? ''}>`);
    expect(said).toContain('not during the sale');
    expect(said).toContain('Nothing was touched');
    expect(await lateClick()).toContain('It is denied, not pending any more');
  });

  it('its operator cancels it', async () => {
    await press(scene, 'olga', card, 'operation.cancel');
    expect(textOf(await cardSays(scene, card, /Cancelled/))).toContain('Nothing was touched');
    expect(await lateClick()).toContain('It is cancelled, not pending any more');
  });

  it('who has no right to it can’t cancel or deny it', async () => {
    for (const action of ['operation.cancel', 'operation.deny']) {
      const said = await whispered(scene, 'vera', () => press(scene, 'vera', card, action));
      expect(said).toContain('You are not among the approvers');
    }
    expect((await operationOf(scene.redis, card)).state).toBe('pending');
  });

  it('a button that somebody made up is answered, and approves nothing', async () => {
    const value = idOf(card);
    for (const actionId of ['operation.force', 'operation.approve2', 'anything']) {
      const said = await whispered(scene, 'anna', () =>
        scene.drive.click({ user: 'anna', channel: 'platform', ts: card.ts, actionId, value }),
      );
      expect(said).toContain('I do not know this button any more');
    }
    expect((await operationOf(scene.redis, card)).state).toBe('pending');
  });

  it('the very same plan is not proposed twice, and the answer says whose it is', async () => {
    const { message } = await ask(scene, { text: 'fix --reason again' });
    expect(textOf(message)).toContain('waits for approval already, proposed by <@U0OLGA>.');
    expect((await operationOf(scene.redis, card)).state).toBe('pending');
  });

  it('a newer plan takes its place', async () => {
    await removeOneKey(scene.etcd);
    const newer = await propose(scene);
    await cardSays(scene, card, /Replaced/);
    expect(await lateClick()).toContain('It is superseded, not pending any more');
    expect((await operationOf(scene.redis, newer)).state).toBe('pending');
  });

  it('nothing of all this has touched etcd', async () => {
    expect(await defragmentations(scene.etcd)).toEqual([0, 0, 0]);
    expect((await alarmsOf(scene.etcd)).length).toBeGreaterThan(0);
  });

  it('a stop between two steps says what was done and what was not', async () => {
    await press(scene, 'anna', card, 'operation.approve');
    await until(async () => (await operationOf(scene.redis, card)).steps.some(isDefragmented), {
      what: 'one member is defragmented',
    });
    await press(scene, 'olga', card, 'operation.cancel');
    await cardSays(scene, card, /Stopping/);
    const said = textOf(await cardSays(scene, card, /Cancelled/));
    expect(said).toMatch(/Stopped by <@\w+> after: Compact history[^\n]*; Defragment m\d/);
    expect(said).toMatch(/Not done: .*Defragment m\d.*; Disarm NOSPACE/);
    expect((await defragmentations(scene.etcd)).toSorted()).toEqual([0, 0, 1]);
    expect(await locksIn(scene.redis)).toEqual([]);
  });

  function lateClick(): Promise<string> {
    return whispered(scene, 'anna', () =>
      scene.drive.click({
        user: 'anna',
        channel: 'platform',
        ts: card.ts,
        actionId: 'operation.approve',
        value: idOf(card),
      }),
    );
  }
});

function isDefragmented({ step, state }: StepRecord): boolean {
  return step.kind === 'defragment' && state === 'done';
}

async function withQueue<T>({ redis }: Scene, use: (queue: Queue) => Promise<T>): Promise<T> {
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
  const queue = new Queue('steward-operations', { connection, prefix: '{steward}', skipVersionCheck: true });
  try {
    return await use(queue);
  } finally {
    await queue.close();
    connection.disconnect();
  }
}
