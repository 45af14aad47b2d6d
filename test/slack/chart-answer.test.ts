import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSlack, type LocalSlack } from '../../infra/local/slack/index.js';
import { makePainter } from '../../src/adapters/painter.js';
import { makeAnswerStore, makeLedger } from '../../src/adapters/redis/records.js';
import { systemClock } from '../../src/adapters/system.js';
import { makeClient } from '../../src/slack/app/client.js';
import status from '../../src/slack/commands/status.js';
import { makeDeliver, type DeliverDeps } from '../../src/slack/deliver.js';
import { makeMessenger } from '../../src/slack/messenger.js';
import { growing } from '../charts.js';
import { oneRedis } from '../redis.js';
import { HEALTHY } from './answers.js';

const redis = oneRedis();
let slack: LocalSlack;

beforeAll(async () => {
  slack = await startSlack({
    app: { name: 'steward', commands: ['/etcd'] },
    users: [{ id: 'U1', name: 'olga', realName: 'Olga Operator' }],
    channels: [{ name: 'platform' }],
  });
});

afterAll(() => slack.stop());

describe('a status with `--chart`', () => {
  it('has its picture as a PNG in its thread', async () => {
    const { body, question, ...rest } = HEALTHY();
    if (body.kind !== 'examination') throw new Error('another answer');
    const answers = makeAnswerStore(redis.client);
    await answers.save({ ...rest, question, body: { ...body, chart: growing() } });
    const { botToken, appToken, apiUrl } = slack;
    const quiet = () => undefined;
    const deliver = makeDeliver({
      messenger: makeMessenger(makeClient({ botToken, appToken, apiUrl }), makePainter()),
      ledger: makeLedger(redis.client),
      unsent: { list: async () => [], oldest: async () => null, sent: async () => undefined },
      answers,
      commands: new Map([['status', status]]),
      clock: systemClock,
      log: { info: quiet, warn: quiet, error: quiet },
      // What only other kinds of entries need is left out.
    } as Partial<DeliverDeps> as DeliverDeps);

    expect(await deliver({ kind: 'answer', id: question.id, version: 1 })).toBeNull();

    const [root] = await slack.drive.messages('platform');
    const shared = await slack.drive.waitForMessage('platform', ({ files }) => files !== undefined);
    expect(shared.thread_ts).toBe(root?.ts);
    const [file] = shared.files ?? [];
    expect(file).toMatchObject({ name: 'sizes.png', mimetype: 'image/png' });
    expect(file?.title).toContain('Full Wed 11 Mar, 09:00 UTC');
    const bytes = Buffer.from(await (await fetch(file?.permalink ?? '')).arrayBuffer());
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(bytes.readUInt32BE(16)).toBe(1200);
  });
});
