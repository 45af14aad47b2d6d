import { webApi } from '@slack/bolt';
import type { Person } from '../../domain/actor.js';
import { TargetError } from '../../domain/errors.js';
import type { Clock, Directory } from '../../domain/ports.js';

/** So long an answer of Slack about people holds, milliseconds. */
const VALID_MS = 5 * 60_000;
/** At most so many answers are kept; the oldest go first. */
const MOST_KEPT = 5000;
const PAGE = 1000;

/** What Slack says of people and channels. What can't be read fails, and is refused by whoever asked. */
export function makeDirectory(client: webApi.WebClient, clock: Clock): Directory {
  const people = cached<Person>(clock);
  const members = cached<ReadonlySet<string>>(clock);
  const groups = cached<readonly string[]>(clock);
  const shared = cached<boolean>(clock);
  return {
    person: (userId) => people(userId, () => person(client, userId)),
    isMember: async (channel, userId) =>
      (await members(channel, () => membersOf(client, channel))).has(userId),
    isShared: (channel) => shared(channel, () => isShared(client, channel)),
    groupMembers: (groupId) =>
      groups(groupId, async () => (await client.usergroups.users.list({ usergroup: groupId })).users ?? []),
  };
}

async function person(client: webApi.WebClient, userId: string): Promise<Person> {
  const { user } = await client.users.info({ user: userId });
  return {
    id: userId,
    teamId: user?.team_id,
    bot: user?.is_bot,
    deleted: user?.deleted,
    guest: eitherOf(user?.is_restricted, user?.is_ultra_restricted),
    stranger: user?.is_stranger,
  };
}

/** With another organisation, or invited to; what Slack does not say is not held against the channel. */
async function isShared(client: webApi.WebClient, channel: string): Promise<boolean> {
  const { channel: found } = await client.conversations.info({ channel });
  return found?.is_ext_shared === true || found?.is_pending_ext_shared === true;
}

function eitherOf(one: boolean | undefined, other: boolean | undefined): boolean | undefined {
  return one === undefined && other === undefined ? undefined : one === true || other === true;
}

async function membersOf(client: webApi.WebClient, channel: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await client.conversations.members({ channel, limit: PAGE, ...(cursor ? { cursor } : {}) });
    for (const member of page.members ?? []) found.add(member);
    cursor = page.response_metadata?.next_cursor;
  } while (cursor);
  return found;
}

type Read<T> = (key: string, read: () => Promise<T>) => Promise<T>;

/** Failures are not kept: the next question asks Slack again. Whoever waits for the same answer fails alike. */
function cached<T>(clock: Clock): Read<T> {
  const kept = new Map<string, { readonly at: number; readonly value: Promise<T> }>();
  return (key, read) => {
    const before = kept.get(key);
    if (before && clock.now() - before.at < VALID_MS) return before.value;
    const value = read().catch((error: unknown) => {
      if (kept.get(key)?.value === value) kept.delete(key);
      throw new TargetError('unavailable', 'slack', saying(error), { cause: error });
    });
    kept.delete(key);
    kept.set(key, { at: clock.now(), value });
    const oldest = kept.size > MOST_KEPT ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    return value;
  };
}

function saying(error: unknown): string {
  if (!(error instanceof webApi.WebAPIPlatformError)) return 'Slack does not answer';
  const { error: said } = error.data;
  return said === 'channel_not_found'
    ? 'Slack does not show me this channel: type `/invite` and pick me'
    : `Slack says ${said}`;
}
