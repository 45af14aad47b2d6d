import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { App } from '@slack/bolt';
import { startSlack, type LocalSlack } from '../../../infra/local/slack/index.js';
import type { View } from '../../../infra/local/slack/types.js';
import { makePainter } from '../../../src/adapters/painter.js';
import { makeAlertStore } from '../../../src/adapters/redis/incidents.js';
import { makeLooks } from '../../../src/adapters/redis/looks.js';
import { makeMutes } from '../../../src/adapters/redis/mutes.js';
import { makeLedger } from '../../../src/adapters/redis/records.js';
import { systemClock } from '../../../src/adapters/system.js';
import { TargetError } from '../../../src/domain/errors.js';
import { makeApp } from '../../../src/slack/app/app.js';
import { makeClient } from '../../../src/slack/app/client.js';
import { makeDirectory } from '../../../src/slack/app/directory.js';
import { makeMessenger } from '../../../src/slack/messenger.js';
import { textOf } from '../../e2e/talk.js';
import { standstill } from '../../operations.js';
import { oneRedis } from '../../redis.js';
import { makeDesk, POLICY, type Desk } from '../desk.js';
import { incident, outlook } from '../home-content.js';

const TEAM = 'T0LOCAL';

const redis = oneRedis();
let slack: LocalSlack;
let desk: Desk;
let app: App;
/** Redis does not answer for lists. */
let away: boolean;

beforeAll(async () => {
  slack = await startSlack({
    app: { name: 'steward', commands: ['/etcd'] },
    users: [
      { id: 'U1', name: 'olga', realName: 'Olga Operator' },
      { id: 'U2', name: 'anna', realName: 'Anna Approver' },
      { id: 'U3', name: 'ben', realName: 'Ben Approver' },
      { id: 'U7', name: 'vera', realName: 'Vera Viewer' },
    ],
    channels: [
      { name: 'platform', members: ['olga', 'anna', 'vera'] },
      { name: 'vault', members: ['olga', 'ben'] },
    ],
    userGroups: { S1: [] },
  });
});

afterAll(() => slack.stop());

beforeEach(async () => {
  away = false;
  desk = makeDesk(redis);
  desk.clusters = desk.clusters.flatMap((cluster) => [
    { ...cluster, channels: ['C0PLATFORM'] },
    { ...cluster, name: 'vault-prod', aliases: [], channels: ['C0VAULT', 'C0PLATFORM'] },
  ]);
  const access = { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl };
  const client = makeClient(access);
  const messenger = makeMessenger(client, makePainter());
  const directory = makeDirectory(client, systemClock);
  const ledger = makeLedger(redis.client);
  const alerts = {
    ...makeAlertStore(redis.client),
    outlooks: async (names: readonly string[]) => {
      if (away) throw new TargetError('unavailable', 'redis', 'no answer');
      return names.map((name) => outlook(name, { at: Date.now(), summary: `${name} is well` }));
    },
  };
  for (const one of [incident(), incident({ id: 'inc-2', cluster: 'vault-prod', cause: 'disk' })])
    await alerts.swap(one.cluster, (book) => ({ ...book, incidents: [one] }));
  const stores = { ledger, alerts, mutes: makeMutes(redis.client), looks: makeLooks(redis.client) };
  const deps = { ...desk.deps, clusters: desk.clusters, directory, teamId: TEAM, messenger, ...stores };
  app = makeApp(access, deps, { teamId: TEAM, botId: 'B1', botUserId: slack.botUserId });
  await app.start();
});

afterEach(async () => {
  if (slack.drive.views().length > 0) await slack.drive.closeView({ user: 'anna' });
  await app.stop();
});

const wordsOf = ({ blocks }: View): string => textOf({ text: '', blocks });

async function homeOf(user: string, words: RegExp): Promise<string> {
  return wordsOf(await slack.drive.waitForHome(user, (view) => words.test(wordsOf(view))));
}

async function opened(user: string, words: RegExp): Promise<string> {
  await slack.drive.openHome(user);
  return homeOf(user, words);
}

describe('App Home', () => {
  it('shows somebody the clusters whose first channel they are in, and nothing of the others', async () => {
    await desk.pending();
    const annas = await opened('anna', /calico-prod/);
    expect(annas).toContain('calico-prod is healthy');
    expect(annas).toMatch(/Waiting for your approval[^]*Open incidents[^]*NOSPACE alarm/);
    expect(annas).not.toContain('vault-prod');
    const bens = await opened('ben', /vault-prod/);
    expect(bens).not.toContain('calico-prod');
    expect(bens).not.toContain('Waiting for your approval');
    expect(await opened('vera', /calico-prod/)).not.toContain('Waiting for your approval');
  });

  it('approves, says so, and has nothing left to approve', async () => {
    const { id } = await desk.pending({ policy: { ...POLICY, approvals: 1 } });
    await opened('anna', /Waiting for your approval/);
    await slack.drive.clickInHome({ user: 'anna', actionId: 'operation.approve' });
    const after = await homeOf('anna', /Your approval counts: 1 of 1/);
    expect(after).not.toContain('Waiting for your approval');
    expect((await desk.now(id)).state).toBe('approved');
    expect(desk.seen.started).toEqual([id]);
  });

  it('refuses whoever is not in the first channel, though the card’s buttons are known to them', async () => {
    const { id } = await desk.pending();
    await opened('ben', /vault-prod/);
    await slack.drive.clickInHome({ user: 'ben', actionId: 'operation.approve', value: id });
    expect(await homeOf('ben', /not a member of/)).toContain('<#C0PLATFORM>');
    expect((await desk.now(id)).reviews).toEqual([]);
  });

  it('asks for the typed name where everybody stands still', async () => {
    await desk.pending({ plan: standstill() });
    await opened('anna', /stand still/);
    await slack.drive.clickInHome({ user: 'anna', actionId: 'operation.approve' });
    const modal = await slack.drive.waitForModal(({ callback_id: id }) => id === 'operation.review');
    expect(modal.blocks.some(({ block_id: id }) => id === 'standstill')).toBe(true);
    await slack.drive.submitView({ user: 'anna', values: { standstill: { cluster: 'calico-prod' } } });
    expect(await homeOf('anna', /Your approval counts: 1 of 2/)).not.toContain('Waiting for your approval');
    expect((await desk.now()).reviews).toMatchObject([{ by: { userId: 'U2' }, standstillConfirmed: true }]);
  });

  it('acknowledges an incident, and shows by whom', async () => {
    await opened('anna', /Open incidents/);
    await slack.drive.clickInHome({ user: 'anna', actionId: 'incident.acknowledge' });
    expect(await homeOf('anna', /You are on it/)).toContain('acknowledged by <@U2>');
  });

  it('acknowledges nothing for whoever is not in the first channel', async () => {
    await opened('ben', /vault-prod/);
    await slack.drive.clickInHome({ user: 'ben', actionId: 'incident.acknowledge', value: 'inc-1' });
    expect(await homeOf('ben', /not a member of/)).not.toContain('acknowledged by');
  });

  it('shows details in a window', async () => {
    const { planHash } = await desk.pending();
    await opened('anna', /Waiting for your approval/);
    await slack.drive.clickInHome({ user: 'anna', actionId: 'operation.details' });
    const window = await slack.drive.waitForModal(({ callback_id: id }) => id === 'home.answer');
    expect(wordsOf(window)).toContain(planHash.slice(0, 12));
  });

  it('asks Slack for nothing that it knows already when two hundred clusters are opened again', async () => {
    const [first] = desk.clusters;
    desk.clusters.splice(
      0,
      2,
      ...Array.from({ length: 200 }, (_, n) => ({ ...first!, name: `c${String(n)}` })),
    );
    await opened('anna', /All 200 clusters are healthy/);
    const before = slack.faults.log().length;
    await slack.drive.openHome('anna');
    await slack.drive.clickInHome({ user: 'anna', actionId: 'home.page' });
    await homeOf('anna', /41 to 80 of 200/);
    const calls = slack.faults.log().slice(before);
    expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(['views.publish']));
  });

  it('answers a button that it does not know', async () => {
    await opened('anna', /calico-prod/);
    await slack.drive.clickInHome({ user: 'anna', actionId: 'operation.destroy', value: 'x' });
    await homeOf('anna', /do not know this button/);
  });

  it('says so where Redis is away, and is there again when it is back', async () => {
    away = true;
    expect(await opened('anna', /Redis\) does not answer/)).not.toContain('calico-prod');
    away = false;
    await slack.drive.clickInHome({ user: 'anna', actionId: 'home.refresh' });
    await homeOf('anna', /calico-prod/);
  });
});
