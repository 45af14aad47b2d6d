import { makeAccess } from './adapters/etcd/access.js';
import { connectFast, ready } from './adapters/redis/connection.js';
import { refuseEviction } from './adapters/redis/policy.js';
import type { Config, ConfiguredCluster } from './config/config.js';
import { TargetError } from './domain/errors.js';
import { hexId } from './domain/units.js';
import { kubernetes } from './doctor/kubernetes.js';
import { makeClient } from './slack/app/client.js';

const DEADLINE_MS = 3000;

type Say = (line: string) => void;

/** Checks what the bot stands on, one line each, with the way to mend it. Answers the exit code. */
export async function doctor(config: Config, say: Say): Promise<number> {
  say(`✓ configuration: ${String(config.clusters.length)} cluster(s)`);
  const outcomes = [await redis(config, say), await slack(config, say)];
  const operates = config.role === 'executor' || config.role === 'all';
  for (const entry of config.clusters) {
    outcomes.push(await cluster(entry, say), await kubernetes(entry, operates, say));
  }
  const well = outcomes.every(Boolean);
  say(well ? 'All is well.' : 'Something is wrong; see the lines with ✗.');
  return well ? 0 : 1;
}

async function redis(config: Config, say: Say): Promise<boolean> {
  const connection = connectFast(config.secrets.redisUrl.reveal(), () => undefined);
  try {
    await ready(connection, DEADLINE_MS);
    await refuseEviction(connection);
    say('✓ Redis answers and does not evict');
    return true;
  } catch (error) {
    say(
      `✗ Redis: ${sayingOf(error)}. Set REDIS_URL to a Redis 6.2 or newer with maxmemory-policy noeviction.`,
    );
    return false;
  } finally {
    connection.disconnect();
  }
}

async function slack(config: Config, say: Say): Promise<boolean> {
  const { slackBotToken } = config.secrets;
  if (!slackBotToken) return true;
  const client = makeClient(
    { botToken: slackBotToken.reveal(), appToken: '', apiUrl: config.slack.apiUrl ?? undefined },
    DEADLINE_MS,
  );
  try {
    const { user, team } = await client.auth.test();
    say(`✓ Slack: I am ${user ?? '?'} in ${team ?? '?'}`);
    return (await Promise.all(channelsOf(config).map((channel) => member(client, channel, say)))).every(
      Boolean,
    );
  } catch (error) {
    say(`✗ Slack: ${sayingOf(error)}. Check SLACK_BOT_TOKEN; infra/slack/README.md says how to make one.`);
    return false;
  }
}

function channelsOf(config: Config): readonly string[] {
  const { routes, escalation } = config.alerts;
  const ofAlerts = [...routes.map(({ channel }) => channel), escalation?.channel ?? []].flat();
  return [...new Set([...config.clusters.flatMap(({ cluster: { channels } }) => channels), ...ofAlerts])];
}

async function member(client: ReturnType<typeof makeClient>, channel: string, say: Say): Promise<boolean> {
  try {
    const found = await client.conversations.info({ channel });
    if (found.channel?.is_member !== false) {
      say(`✓ channel ${found.channel?.name ?? channel}`);
      return true;
    }
    say(`✗ channel ${channel}: I am not a member. Invite me there: /invite @steward`);
  } catch (error) {
    say(`✗ channel ${channel}: ${sayingOf(error)}. Check the id, and invite me there if it is private.`);
  }
  return false;
}

async function cluster(entry: ConfiguredCluster, say: Say): Promise<boolean> {
  const { cluster: target, connection } = entry;
  const access = makeAccess({ connections: () => connection, canOperate: true });
  const own = connection.operateTls !== undefined || connection.operateAuth !== undefined;
  const members = [...access.reader(target).members, ...(own ? access.operator(target).members : [])];
  const answers = members.map(async (one, index) => {
    const as = index < target.endpoints.length ? '' : ' (as the one who operates)';
    try {
      const { version, clusterId } = await one.status(DEADLINE_MS);
      say(`✓ ${target.name} ${one.endpoint}${as}: etcd ${version}, cluster ${hexId(clusterId)}`);
      return clusterId;
    } catch (error) {
      say(`✗ ${target.name} ${one.endpoint}${as}: ${sayingOf(error)}. ${mendingOf(error)}`);
      return null;
    }
  });
  const ids = await Promise.all(answers);
  access.close();
  if (new Set(ids.filter((id) => id !== null)).size > 1) {
    say(`✗ ${target.name}: its endpoints belong to different etcd clusters. Name the members of one only.`);
    return false;
  }
  return ids.every((id) => id !== null);
}

function mendingOf(error: unknown): string {
  const code = error instanceof TargetError ? error.code : 'failed';
  if (code === 'tls')
    return 'Check `tls.ca`, `tls.cert` and `tls.key` of this cluster, and http against https.';
  if (code === 'auth' || code === 'denied')
    return 'Check `auth.username` and `auth.passwordFile`, and the rights of the user.';
  if (code === 'unreachable' || code === 'timeout')
    return 'Check the address, the network and the member itself.';
  return 'The log of this member says more.';
}

function sayingOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
