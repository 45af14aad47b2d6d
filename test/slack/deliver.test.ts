import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeOperationStore } from '../../src/adapters/redis/operations.js';
import { makeNoticeStore } from '../../src/adapters/redis/notices.js';
import { makeAnswerStore, makeLedger } from '../../src/adapters/redis/records.js';
import type { Incident } from '../../src/domain/alerting/incident.js';
import type { OutboxEntry } from '../../src/domain/ports.js';
import type { Message } from '../../src/slack/blocks/message.js';
import { makeDeliver, type Deliver } from '../../src/slack/deliver.js';
import type { Messenger, Sent } from '../../src/slack/messenger.js';
import { fixAt, heldStates, pendingFix } from '../operations.js';
import { oneRedis } from '../redis.js';
import { event, firing } from './incidents.js';

const redis = oneRedis();

/** A Slack that notes what is asked of it, and fails as the test wants. */
interface Slack {
  readonly calls: string[];
  /** Of each message that was posted or edited. */
  readonly channels: string[];
  readonly texts: string[];
  /** Markers of messages that stand in the channel, by ts. */
  readonly standing: Map<string, string>;
  next: Sent[];
}

let slack: Slack;
let sent: OutboxEntry[];
let deliver: Deliver;
let now: number;
let incident: Incident | null;

beforeEach(() => {
  slack = { calls: [], channels: [], texts: [], standing: new Map(), next: [] };
  sent = [];
  now = Date.now();
  incident = null;
  const quiet = () => undefined;
  deliver = makeDeliver({
    messenger: messengerOf(slack),
    ledger: makeLedger(redis.client),
    unsent: { list: async () => [], oldest: async () => null, sent: async (entry) => void sent.push(entry) },
    answers: makeAnswerStore(redis.client),
    operations: makeOperationStore(redis.client),
    notices: makeNoticeStore(redis.client),
    alerts: { incident: async () => incident, outlooks: async () => [null] },
    series: { sizes: async () => [] },
    samples: { newest: async () => null },
    page: async ({ id }) => {
      slack.calls.push(`page ${id}`);
      return 500;
    },
    commands: new Map(),
    alertsChannel: 'C0ALERTS',
    clock: { now: () => now, pause: async () => undefined },
    log: { info: quiet, warn: quiet, error: quiet },
  });
});

function messengerOf(world: Slack): Messenger {
  let count = 0;
  const done = (words: string): Sent => {
    world.calls.push(words);
    return world.next.shift() ?? { ok: true, ts: `${String(++count)}.0` };
  };
  const note = ({ channel }: { channel: string }, message: Message): void => {
    world.channels.push(channel);
    world.texts.push(JSON.stringify(message.blocks));
  };
  return {
    post: async ({ channel, thread }, message) => {
      note({ channel }, message);
      const marker = message.blocks[0]?.block_id ?? '';
      const outcome = done(`post ${marker}${thread === undefined ? '' : ` under ${thread}`}`);
      if (outcome.ok || outcome.kind === 'lost') world.standing.set(outcome.ok ? outcome.ts : '77.0', marker);
      return outcome;
    },
    update: async ({ channel, ts }, message) => {
      note({ channel }, message);
      return done(`update ${ts}`);
    },
    remove: async ({ ts }) => done(`remove ${ts}`),
    upload: async () => done('upload'),
    whisper: async () => done('whisper'),
    respond: async () => done('respond'),
    find: async (_place, marker) => {
      world.calls.push(`find ${marker}`);
      return [...world.standing].find(([, standing]) => standing === marker)?.[0] ?? null;
    },
  };
}

const entry = { kind: 'operation', id: 'op1', version: 1 } as const;

/** Asked for in the channel, not in a thread. */
const place = { channel: 'C1' };

async function stored(operation = pendingFix(), asked: typeof place = place): Promise<void> {
  await makeOperationStore(redis.client).create({ ...operation, id: 'op1', version: 1, place: asked });
}

async function next(change: Partial<ReturnType<typeof pendingFix>>): Promise<void> {
  await makeOperationStore(redis.client).swap('op1', (operation) => ({
    ok: true,
    operation: { ...operation, ...change },
  }));
}

describe('showing an operation in Slack', () => {
  it('posts its card once, however often it is asked to', async () => {
    await stored();
    for (let i = 0; i < 3; i++) expect(await deliver(entry)).toBeNull();
    expect(slack.calls.filter((call) => call.startsWith('post'))).toEqual(['post operation:op1']);
    expect(sent).toContainEqual(entry);
  });

  it('edits the card to the newest state, and never back to an older one', async () => {
    await stored();
    await deliver(entry);
    await next({ state: 'denied' });
    expect(await deliver(entry)).toBeNull();
    expect(await deliver(entry)).toBeNull();
    expect(slack.calls.filter((call) => call.startsWith('update'))).toEqual(['update 1.0']);
    expect(sent.at(-1)).toMatchObject({ version: 2 });
  });

  it('puts one reply for each step that has ended under the card', async () => {
    await stored(fixAt(2, 'done'));
    expect(await deliver(entry)).toBeNull();
    const replies = slack.calls.filter((call) => call.includes(' under '));
    expect(replies.length).toBeGreaterThan(0);
    expect(replies.every((call) => call.endsWith('under 1.0'))).toBe(true);
  });

  it('looks for its own message before it posts again after a lost answer', async () => {
    await stored();
    slack.next = [{ ok: false, kind: 'lost' }];
    expect(await deliver(entry)).toBeGreaterThan(0);
    expect(await deliver(entry)).toBeNull();
    expect(slack.calls.filter((call) => !call.startsWith('upload'))).toEqual([
      'post operation:op1',
      'find operation:op1',
      'update 77.0',
    ]);
  });

  it('waits as long as Slack asks it to', async () => {
    await stored();
    slack.next = [{ ok: false, kind: 'later', afterMs: 3000 }];
    expect(await deliver(entry)).toBe(3000);
    expect(sent).toEqual([]);
    expect(await deliver(entry)).toBeNull();
  });

  it('does not ask Slack again for an edit before its turn has come', async () => {
    await stored();
    await deliver(entry);
    await next({ absorbed: ['m2 leads now'] });
    slack.next = [{ ok: false, kind: 'later', afterMs: 3000 }];
    expect(await deliver(entry)).toBe(3000);
    now += 1000;
    expect(await deliver(entry)).toBe(2000);
    expect(slack.calls.filter((call) => call.startsWith('update'))).toHaveLength(1);
    now += 2000;
    expect(await deliver(entry)).toBeNull();
    expect(slack.calls.filter((call) => call.startsWith('update'))).toHaveLength(2);
  });

  it('lets two senders not post the same card twice', async () => {
    await stored();
    const waits = await Promise.all([deliver(entry), deliver(entry), deliver(entry)]);
    expect(waits.filter((wait) => wait === null).length).toBeGreaterThan(0);
    expect(slack.calls.filter((call) => call.startsWith('post'))).toEqual(['post operation:op1']);
  });

  it('edits the card of a running operation at most every two seconds', async () => {
    await stored(fixAt(0, 'begun'));
    await deliver(entry);
    await next({ absorbed: ['m2 leads now'] });
    now += 500;
    expect(await deliver(entry)).toBe(1500);
    now += 1500;
    expect(await deliver(entry)).toBeNull();
  });

  it('tells the asker by the way that needs no membership where it may not post', async () => {
    const asked = { ...place, responseUrl: 'http://127.0.0.1/respond' };
    await stored(pendingFix(), asked);
    slack.next = [{ ok: false, kind: 'refused', error: 'not_in_channel' }];
    expect(await deliver(entry)).toBeNull();
    expect(slack.calls).toEqual(['post operation:op1', 'respond', 'respond']);
  });
});

describe('what belongs to an operation besides its card', () => {
  it('a reminder is posted once under the card, and none once it is decided', async () => {
    now = pendingFix().createdAt + 60_000;
    await stored({ ...pendingFix(), remindedAt: [now] });
    for (let i = 0; i < 3; i++) expect(await deliver(entry)).toBeNull();
    await next({ remindedAt: [now, now], state: 'denied' });
    expect(await deliver(entry)).toBeNull();
    expect(slack.calls.filter((call) => call.includes('reminder'))).toEqual([
      'post operation:op1:reminder:0 under 1.0',
    ]);
  });

  it('an emergency approval is announced once in the alerts channel', async () => {
    await stored(heldStates()['succeeded-emergency']);
    for (let i = 0; i < 3; i++) {
      while ((await deliver(entry)) !== null) now += 2000;
    }
    expect(slack.calls.filter((call) => call.includes('emergency'))).toEqual([
      'post operation:op1:emergency',
    ]);
  });
});

describe('a message of the bot’s own accord', () => {
  const notice = { id: 'heads-1', version: 1, channel: 'C0ALERTS', title: 'Audit trail', lines: ['`a:1:b`'] };

  it('is posted once, to its channel', async () => {
    await makeNoticeStore(redis.client).save(notice);
    for (let i = 0; i < 3; i++)
      expect(await deliver({ kind: 'notice', id: 'heads-1', version: 1 })).toBeNull();
    expect(slack.calls).toEqual(['post notice:heads-1']);
    expect(sent).toContainEqual({ kind: 'notice', id: 'heads-1', version: 1 });
  });

  it('that is forgotten already is not tried for ever', async () => {
    expect(await deliver({ kind: 'notice', id: 'heads-0', version: 1 })).toBeNull();
    expect(slack.calls).toEqual([]);
  });
});

describe('an incident', () => {
  const shown = { kind: 'incident', id: 'inc-5tR2bQ', version: 1 } as const;
  const ROOT = 'incident:inc-5tR2bQ';
  const posts = () => slack.calls.filter((call) => /^(post|update)/.test(call));

  it('is one message, edited, with a reply for each change', async () => {
    incident = firing();
    for (let i = 0; i < 2; i++) expect(await deliver(shown)).toBeNull();
    incident = firing({ version: 2, events: [event(1), event(2, { kind: 'worse' })] });
    for (let i = 0; i < 2; i++) expect(await deliver(shown)).toBeNull();
    expect(posts()).toEqual([`post ${ROOT}`, 'update 1.0', `post ${ROOT}:2 under 1.0`]);
    expect(sent.at(-1)).toMatchObject({ kind: 'incident', version: 2 });
  });

  it('loses nothing while Slack is away for ten minutes, and brings no stale reminder afterwards', async () => {
    incident = firing();
    slack.next = Array.from({ length: 10 }, () => ({ ok: false, kind: 'later', afterMs: 60_000 }));
    for (let i = 0; i < 10; i++) {
      expect(await deliver(shown)).toBe(60_000);
      now += 60_000;
    }
    const later = (['worse', 'reminder', 'reminder', 'escalated', 'resolved'] as const).map((kind, index) =>
      event(index + 2, { kind }),
    );
    incident = firing({ version: 6, state: 'resolved', events: [event(1), ...later] });
    slack.calls.length = 0;
    expect(await deliver(shown)).toBeNull();
    const [root, ...replies] = posts();
    expect(root).toBe(`post ${ROOT}`);
    expect(replies).toEqual([`post ${ROOT}:2 under 1.0`, `post ${ROOT}:6 under 1.0`]);
  });

  it('goes to the alerts channel with its replies where its own does not take it, and says so', async () => {
    incident = firing({ events: [event(1), event(2, { kind: 'worse' })] });
    slack.next = [{ ok: false, kind: 'refused', error: 'not_in_channel' }];
    for (let i = 0; i < 2; i++) expect(await deliver(shown)).toBeNull();
    incident = { ...incident, version: 2 };
    expect(await deliver(shown)).toBeNull();
    const [refused, root, ...others] = posts();
    expect([refused, root]).toEqual([`post ${ROOT}`, `post ${ROOT}`]);
    expect(others).toEqual([`post ${ROOT}:2 under 1.0`, 'update 1.0']);
    expect(slack.channels).toEqual(['C0PLATFORM', 'C0ALERTS', 'C0ALERTS', 'C0ALERTS']);
    expect(slack.texts.map((text) => text.includes('It belongs in <#C0PLATFORM>'))).toEqual([
      ...[false, true, false, true],
    ]);
  });

  it('stands anew where somebody deleted it, and what follows goes under that', async () => {
    incident = firing();
    expect(await deliver(shown)).toBeNull();
    incident = firing({ version: 2, events: [event(1), event(2, { kind: 'worse' })] });
    slack.next = [{ ok: false, kind: 'refused', error: 'message_not_found' }];
    for (let i = 0; i < 2; i++) expect(await deliver(shown)).toBeNull();
    expect(posts()).toEqual([`post ${ROOT}`, 'update 1.0', `post ${ROOT}`, `post ${ROOT}:2 under 2.0`]);
  });

  it('leaves its replies where Slack refused the root, until there is something new', async () => {
    incident = firing({ channel: 'C0ALERTS', events: [event(1), event(2, { kind: 'worse' })] });
    slack.next = [{ ok: false, kind: 'refused', error: 'not_in_channel' }];
    expect(await deliver(shown)).toBeNull();
    expect(posts()).toEqual([`post ${ROOT}`]);
    incident = { ...incident, version: 2 };
    expect(await deliver(shown)).toBeNull();
    const again = [`post ${ROOT}`, `post ${ROOT}`, `post ${ROOT}:2 under 1.0`];
    expect(posts().filter((call) => call.startsWith('post'))).toEqual(again);
  });

  it('that nobody has to know of, or that is forgotten, is not posted', async () => {
    expect(await deliver(shown)).toBeNull();
    incident = firing({ untold: true });
    expect(await deliver(shown)).toBeNull();
    expect(slack.calls).toEqual([]);
    expect(sent).toHaveLength(2);
  });

  it('is told to the pagers by whoever knows them', async () => {
    expect(await deliver({ kind: 'page', id: 'inc-5tR2bQ', version: 1 })).toBe(500);
    expect(slack.calls).toEqual(['page inc-5tR2bQ']);
  });
});
