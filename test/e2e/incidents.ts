import type { LocalRedis } from '../../infra/local/redis.js';
import type { Message } from '../../infra/local/slack/types.js';
import type { Incident } from '../../src/domain/alerting/incident.js';
import type { Scene } from './scene.js';
import { markerOf, textOf } from './talk.js';
import { inRedis } from './truth.js';

const ROOT = /^incident:[^:]+$/;

export function isRoot(message: Message): boolean {
  return ROOT.test(markerOf(message));
}

/** The roots of all incidents in a channel, oldest first. */
export async function rootsIn(
  { drive }: Pick<Scene, 'drive'>,
  channel = 'platform',
): Promise<readonly Message[]> {
  return (await drive.messages(channel)).filter(isRoot);
}

/** What stands below an incident's root, in the order in which it was posted. */
export async function repliesTo(
  { drive }: Pick<Scene, 'drive'>,
  { ts }: Pick<Message, 'ts'>,
  channel = 'platform',
): Promise<readonly Message[]> {
  const thread = await drive.thread(channel, ts);
  return thread.filter((message) => /^incident:[^:]+:\d+$/.test(markerOf(message)));
}

/** Numbers of an incident's events that stand in its thread, as they were posted. */
export async function toldIn(
  scene: Pick<Scene, 'drive'>,
  root: Pick<Message, 'ts'>,
): Promise<readonly number[]> {
  return (await repliesTo(scene, root)).map((reply) => Number(markerOf(reply).split(':')[2]));
}

export function replyThat(
  { drive }: Pick<Scene, 'drive'>,
  { ts }: Pick<Message, 'ts'>,
  says: RegExp,
): Promise<Message> {
  return drive.waitForMessage(
    'platform',
    (message) => message.thread_ts === ts && says.test(textOf(message)),
    { timeoutMs: 20_000 },
  );
}

/** The records of all incidents, past the bot; oldest first. */
export function incidentsIn(redis: Pick<LocalRedis, 'url'>): Promise<readonly Incident[]> {
  return inRedis(redis, async (client) => {
    const ids = (await client.zrevrange('{steward}:incidents', 0, -1)).toReversed();
    const records = await Promise.all(ids.map((id) => client.get(`{steward}:incident:${id}`)));
    return records.flatMap((json) => (json === null ? [] : [JSON.parse(json) as Incident]));
  });
}

/** How many messages wait for Slack or a pager. */
export function unsentIn(redis: Pick<LocalRedis, 'url'>): Promise<number> {
  return inRedis(redis, (client) => client.hlen('{steward}:outbox'));
}
