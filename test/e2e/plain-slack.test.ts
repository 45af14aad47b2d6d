import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd } from '../../infra/local/etcd.js';
import { startRedis } from '../../infra/local/redis.js';
import { startPlainSlack, type PlainSlack } from '../../infra/local/slack/index.js';
import { startBot } from '../../infra/playground/bot.js';
import { CLUSTER, writeConfiguration } from './configuration.js';
import { WORKSPACE } from './scene.js';
import { headerOf, markerOf } from './talk.js';

// Without our proxy: no membership, no metadata, no flags of people. What is missing is not known, and is no error.
const undo: (() => Promise<unknown>)[] = [];
let slack: PlainSlack;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-steward-e2e-'));
  undo.push(() => rm(directory, { recursive: true }));
  const etcd = await startEtcd({ version: '3.5', members: 1 });
  undo.push(() => etcd.stop());
  const redis = await startRedis();
  undo.push(() => redis.stop());
  slack = await startPlainSlack(WORKSPACE);
  undo.push(() => slack.stop());
  const configFile = await writeConfiguration({ directory, etcd, slack });
  const logFile = join(directory, 'steward.log');
  const bot = await startBot({ configFile, logFile, redisUrl: redis.url, slack });
  undo.push(() => bot.kill());
});

afterAll(async () => {
  for (let last = undo.pop(); last; last = undo.pop()) await last();
});

it('The bot starts and answers where Slack is local-slack as it is', async () => {
  const answer = slack.drive.waitForMessage('platform', (one) => markerOf(one).startsWith('answer:'));
  await slack.drive.command({ user: 'vera', channel: 'platform', text: 'status' });
  expect(headerOf(await answer)).toBe(`🟢 ${CLUSTER} is healthy`);
});
