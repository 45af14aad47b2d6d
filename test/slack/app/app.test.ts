import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { App } from '@slack/bolt';
import { startSlack, type LocalSlack } from '../../../infra/local/slack/index.js';
import { until } from '../../../infra/local/until.js';
import { makePainter } from '../../../src/adapters/painter.js';
import { makeAlertStore } from '../../../src/adapters/redis/incidents.js';
import { makeLooks } from '../../../src/adapters/redis/looks.js';
import { makeMutes } from '../../../src/adapters/redis/mutes.js';
import { makeLedger } from '../../../src/adapters/redis/records.js';
import { systemClock } from '../../../src/adapters/system.js';
import type { Operation } from '../../../src/domain/operation.js';
import type { AlertStore } from '../../../src/domain/ports.js';
import { makeApp } from '../../../src/slack/app/app.js';
import { makeClient } from '../../../src/slack/app/client.js';
import { makeDirectory } from '../../../src/slack/app/directory.js';
import { incidentMessage } from '../../../src/slack/blocks/incident.js';
import { marked } from '../../../src/slack/blocks/message.js';
import { operationCard } from '../../../src/slack/blocks/card.js';
import { makeMessenger, type Messenger } from '../../../src/slack/messenger.js';
import { textOf } from '../../e2e/talk.js';
import { standstill } from '../../operations.js';
import { firing } from '../incidents.js';
import { oneRedis } from '../../redis.js';
import { makeDesk, type Desk } from '../desk.js';

const TEAM = 'T0LOCAL';

const redis = oneRedis();
let slack: LocalSlack;
let desk: Desk;
let app: App;
let messenger: Messenger;
let alerts: AlertStore;
/** What was whispered in earlier tests. */
let old: ReadonlySet<string>;

beforeAll(async () => {
  slack = await startSlack({
    app: { name: 'steward', commands: ['/etcd'] },
    users: [
      { id: 'U1', name: 'olga', realName: 'Olga Operator' },
      { id: 'U2', name: 'anna', realName: 'Anna Approver' },
      { id: 'U7', name: 'vera', realName: 'Vera Viewer' },
    ],
    channels: [{ name: 'platform' }, { name: 'partners', extShared: true }],
    userGroups: { S1: [] },
  });
});

afterAll(() => slack.stop());

beforeEach(async () => {
  desk = makeDesk(redis);
  old = new Set((await slack.drive.ephemerals()).map(({ ts }) => ts));
  desk.clusters = desk.clusters.map((cluster) => ({ ...cluster, channels: ['C0PLATFORM', 'C0PARTNERS'] }));
  const access = { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl };
  const client = makeClient(access);
  messenger = makeMessenger(client, makePainter());
  const directory = makeDirectory(client, systemClock);
  const ledger = makeLedger(redis.client);
  alerts = makeAlertStore(redis.client);
  const stores = { ledger, alerts, mutes: makeMutes(redis.client), looks: makeLooks(redis.client) };
  const deps = { ...desk.deps, clusters: desk.clusters, directory, teamId: TEAM, messenger, ...stores };
  app = makeApp(access, deps, { teamId: TEAM, botId: 'B1', botUserId: slack.botUserId });
  await app.start();
});

afterEach(async () => {
  slack.faults.clear();
  if (slack.drive.views().length > 0) await slack.drive.closeView({ user: 'olga' });
  await app.stop();
});

const type = (text: string, user = 'olga', channel = 'platform') =>
  slack.drive.command({ user, channel, text });

const isReason = ({ callback_id: id }: { callback_id?: string }): boolean => id === 'operation.propose';

function told(user: string, words: RegExp): Promise<string> {
  return slack.drive
    .waitForEphemeral(user, ({ ts, ...message }) => !old.has(ts) && words.test(textOf(message)))
    .then(textOf);
}

const asked = () => desk.seen.jobs.map(({ question }) => [question.verb, question.options['reason']]);

describe('a change without its reason', () => {
  it('is asked for it in a form, and proposed with it', async () => {
    expect(await type('fix')).not.toHaveProperty('ackBody.text');
    const modal = await slack.drive.waitForModal(isReason);
    expect(modal.private_metadata).toMatch(/^id-\d+$/);
    await slack.drive.submitView({ user: 'olga', values: { reason: { reason: 'pods do not start' } } });
    expect(asked()).toEqual([['fix', 'pods do not start']]);
    expect(slack.drive.views()).toEqual([]);
  });

  it('is told how to type it where Slack does not open the form any more', async () => {
    slack.faults.fail('views.open', { status: 'expired_trigger_id' });
    await type('fix');
    expect(await told('olga', /did not open the form/)).toContain('/etcd fix calico-prod --reason');
    expect(asked()).toEqual([]);
  });

  it('is acked before Slack is asked for the form', async () => {
    slack.faults.delay('views.open', 2000);
    const { ackMs } = await type('fix');
    expect(ackMs).toBeLessThan(1000);
    await slack.drive.waitForModal(isReason);
    slack.faults.clear();
  });

  it('of blanks is asked for again in the same form', async () => {
    await type('fix');
    await slack.drive.waitForModal(isReason);
    const { errors } = await slack.drive.submitView({ user: 'olga', values: { reason: { reason: '   ' } } });
    expect(errors).toEqual({ reason: 'Say why, in a few words.' });
    await slack.drive.submitView({ user: 'olga', values: { reason: { reason: 'it is full' } } });
    expect(asked()).toEqual([['fix', 'it is full']]);
  });

  it('whose form is too old is told so in the form, with the words that were written', async () => {
    await type('fix');
    const { private_metadata: draft = '' } = await slack.drive.waitForModal(isReason);
    await desk.deps.drafts.take(draft);
    await slack.drive.submitView({ user: 'olga', values: { reason: { reason: 'it is full' } } });
    const refused = await slack.drive.waitForModal((view) => view.callback_id === 'refused');
    const said = textOf({ text: '', blocks: refused.blocks });
    expect(said).toMatch(/sent already[^]*What you wrote[^]*it is full/);
  });

  it('that is delivered twice opens one form', async () => {
    slack.faults.duplicateEnvelopes(1);
    await type('fix');
    await slack.drive.waitForModal(isReason);
    expect(slack.faults.counts()['views.open']).toBe(1);
  });
});

describe('a refusal', () => {
  it('that is delivered twice is still seen', async () => {
    slack.faults.duplicateEnvelopes(1);
    await type('fix --reason x', 'vera');
    expect(await told('vera', /not among the operators/)).toContain('policy.operators');
  });

  it('meets everybody in a channel that is shared with another organisation', async () => {
    await type('status', 'olga', 'partners');
    await told('olga', /shared with another organisation/);
    expect(asked()).toEqual([]);
  });
});

describe('a card', () => {
  async function posted(changes: Partial<Operation> = {}): Promise<string> {
    const operation = await desk.pending({ proposer: { teamId: TEAM, userId: 'U1' }, ...changes });
    const sent = await messenger.post({ channel: 'C0PLATFORM' }, operationCard(operation, Date.now()));
    if (!sent.ok) throw new Error('the card could not be posted');
    return sent.ts;
  }

  const click = (ts: string, actionId: string, user = 'anna') =>
    slack.drive.click({ user, channel: 'platform', ts, actionId });

  it('answers a click that counts, to the one who clicked', async () => {
    await click(await posted(), 'operation.approve');
    await told('anna', /Your approval counts: 1 of 2/);
  });

  it('takes a reason with an approval', async () => {
    await click(await posted(), 'operation.review');
    await slack.drive.waitForModal(({ callback_id: id }) => id === 'operation.review');
    await slack.drive.submitView({ user: 'anna', values: { reason: { reason: 'seen it on the board' } } });
    await told('anna', /Your approval counts: 1 of 2/);
    expect((await desk.now()).reviews).toMatchObject([{ reason: 'seen it on the board' }]);
  });

  it('asks for the reason of a denial again where it is blank', async () => {
    await click(await posted(), 'operation.deny');
    await slack.drive.waitForModal(({ callback_id: id }) => id === 'operation.review');
    const { errors } = await slack.drive.submitView({ user: 'anna', values: { reason: { reason: ' ' } } });
    expect(errors).toEqual({ reason: 'Say why, in a few words.' });
    expect((await desk.now()).state).toBe('pending');
    await slack.drive.submitView({ user: 'anna', values: { reason: { reason: 'not now' } } });
    await told('anna', /Denied\. Nothing was touched/);
  });

  it('asks to click again where Slack does not open the form', async () => {
    slack.faults.fail('views.open', { status: 500 });
    await click(await posted({ plan: standstill() }), 'operation.approve');
    await told('anna', /did not open the form[^]*Press the button once more/);
  });

  it('lists what waits, with buttons that work where only one person sees them', async () => {
    await posted();
    await type('approvals', 'anna');
    const list = await slack.drive.waitForEphemeral('anna', (one) =>
      /waits for your approval/.test(textOf(one)),
    );
    expect(textOf(list)).toContain('Make room in calico-prod');
    expect((await slack.drive.messages('platform')).map(({ ts }) => ts)).not.toContain(list.ts);
  });

  it('that stands there twice answers, and goes where it is the old one', async () => {
    await posted();
    const [first, second] = [await standing(), await standing()];
    const marker = `operation:${(await desk.now()).id}`;
    await makeLedger(redis.client).keep(marker, { channel: 'C0PLATFORM', ts: second, version: 1 });
    await click(first, 'operation.approve');
    await told('anna', /Your approval counts: 1 of 2/);
    await until(async () => !(await timestamps()).includes(first), { what: 'the old card is gone' });
    await click(second, 'operation.details');
    await told('anna', /By hand/);
    expect(await timestamps()).toContain(second);
  });

  const timestamps = async () => (await slack.drive.messages('platform')).map(({ ts }) => ts);

  /** The card of the operation that there is, as the outbox posts it. */
  async function standing(): Promise<string> {
    const operation = await desk.now();
    const card = marked(operationCard(operation, Date.now()), `operation:${operation.id}`);
    const sent = await messenger.post({ channel: 'C0PLATFORM' }, card);
    if (!sent.ok) throw new Error('the card could not be posted');
    return sent.ts;
  }

  it('has no button that it does not know', async () => {
    const ts = await posted();
    await slack.drive.click({
      user: 'anna',
      channel: 'platform',
      ts,
      actionId: 'operation.force',
      value: 'x',
    });
    await told('anna', /do not know this button/);
    expect((await desk.now()).reviews).toEqual([]);
  });
});

describe('an incident', () => {
  async function posted(): Promise<string> {
    const incident = firing({ cluster: desk.clusters[0]!.name });
    await alerts.swap(incident.cluster, (book) => ({ ...book, incidents: [incident] }));
    const message = marked(incidentMessage(incident), `incident:${incident.id}`);
    const sent = await messenger.post({ channel: 'C0PLATFORM' }, message);
    if (!sent.ok) throw new Error('the incident could not be posted');
    return sent.ts;
  }

  const now = () => alerts.incident('inc-5tR2bQ');
  const click = (ts: string, actionId: string, user = 'olga') =>
    slack.drive.click({ user, channel: 'platform', ts, actionId });

  it('is acknowledged by a click, which is answered', async () => {
    await click(await posted(), 'incident.acknowledge');
    await told('olga', /You are on it/);
    expect(await now()).toMatchObject({ acknowledged: { by: { userId: 'U1' } } });
  });

  it('is muted by a form, which wants to know why', async () => {
    await click(await posted(), 'incident.mute');
    await slack.drive.waitForModal(({ callback_id: id }) => id === 'incident.mute');
    const span = { for: { selected_option: { value: '4h' } } };
    const without = { for: span, reason: { reason: ' ' } };
    const { errors } = await slack.drive.submitView({ user: 'olga', values: without });
    expect(errors).toEqual({ reason: 'Say why, in a few words.' });
    await slack.drive.submitView({ user: 'olga', values: { ...without, reason: { reason: 'known' } } });
    expect(await now()).toMatchObject({ mute: { reason: 'known', by: { userId: 'U1' } } });
    expect(slack.drive.views()).toEqual([]);
  });

  it('that stands there twice is found once: the oldest stays', async () => {
    const first = await posted();
    const second = await posted();
    expect(await messenger.find({ channel: 'C0PLATFORM' }, 'incident:inc-5tR2bQ')).not.toBe(second);
    const standing = (await slack.drive.messages('platform')).map(({ ts }) => ts);
    expect(standing).not.toContain(second);
    expect(first).not.toBe(second);
  });
});
