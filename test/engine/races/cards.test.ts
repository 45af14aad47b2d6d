import { describe, expect, it } from '@jest/globals';
import { makeAlertStore } from '../../../src/adapters/redis/incidents.js';
import { makeOperationStore } from '../../../src/adapters/redis/operations.js';
import { makeNoticeStore } from '../../../src/adapters/redis/notices.js';
import { makeAnswerStore, makeLedger, makeSampleStore } from '../../../src/adapters/redis/records.js';
import { makeSeriesStore } from '../../../src/adapters/redis/series.js';
import type { Operation } from '../../../src/domain/operation.js';
import type { OutboxEntry } from '../../../src/domain/ports.js';
import type { Message } from '../../../src/slack/blocks/message.js';
import { makeDeliver, type Deliver } from '../../../src/slack/deliver.js';
import type { Messenger, Sent } from '../../../src/slack/messenger.js';
import { pendingFix } from '../../operations.js';
import { oneRedis } from '../../redis.js';
import { repeat } from './scene.js';

const redis = oneRedis();

/** What a channel shows: the versions of one card, in the order in which they were drawn. */
class Channel {
  readonly posted: number[] = [];
  readonly shown: number[] = [];

  draw(message: Message, posted = false): void {
    const version = Number(/version-(\d+)/.exec(JSON.stringify(message.blocks))?.[1]);
    this.shown.push(version);
    if (posted) this.posted.push(version);
  }
}

/** One of the bot's replicas, with an own pace and an own way to Slack. */
function replica(channel: Channel, sent: OutboxEntry[]): Deliver {
  const quiet = (): void => undefined;
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) await redis.client.ping();
  };
  const drawn: Sent = { ok: true, ts: '1.0' };
  const messenger: Messenger = {
    post: async (_to, message) => {
      await turns(2);
      channel.draw(message, true);
      return drawn;
    },
    update: async (_known, message) => {
      await turns(channel.shown.length % 3);
      channel.draw(message);
      return drawn;
    },
    upload: async () => drawn,
    whisper: async () => drawn,
    respond: async () => drawn,
    find: async () => null,
    remove: async () => drawn,
  };
  return makeDeliver({
    messenger,
    ledger: makeLedger(redis.client),
    unsent: { list: async () => [], oldest: async () => null, sent: async (entry) => void sent.push(entry) },
    answers: makeAnswerStore(redis.client),
    notices: makeNoticeStore(redis.client),
    operations: makeOperationStore(redis.client),
    alerts: makeAlertStore(redis.client),
    series: makeSeriesStore(redis.client),
    samples: makeSampleStore(redis.client),
    page: async () => null,
    commands: new Map(),
    alertsChannel: 'C0ALERTS',
    clock: { now: () => Date.now(), pause: async () => undefined },
    log: { info: quiet, warn: quiet, error: quiet },
  });
}

describe('race 12: updates of one message overtake each other', () => {
  it('the card never goes back to an older state, and ends at the newest, whoever draws it', async () => {
    await repeat(20, async (id) => {
      const [channel, sent] = [new Channel(), [] as OutboxEntry[]];
      const replicas = [replica(channel, sent), replica(channel, sent)];
      const store = makeOperationStore(redis.client);
      await store.create(pendingFix({ id, version: 1, reason: 'version-1', place: { channel: 'C1' } }));
      const deliveries: Promise<number | null>[] = [];
      for (let version = 2; version <= 8; version++) {
        const change = (operation: Operation) => ({ ...operation, reason: `version-${String(version)}` });
        await store.swap(id, (operation) => ({ ok: true, operation: change(operation) }));
        const entry = { kind: 'operation', id, version } as const;
        deliveries.push(...replicas.map((deliver) => deliver(entry)));
      }
      const newest = { kind: 'operation', id, version: 8 } as const;
      await Promise.all(deliveries);
      while ((await replicas[0]!(newest)) !== null);
      expect(channel.posted).toHaveLength(1);
      expect(channel.shown).toEqual(channel.shown.toSorted((a, b) => a - b));
      expect(channel.shown.at(-1)).toBe(8);
      expect(Math.max(...sent.map(({ version }) => version))).toBe(8);
    });
  });
});
