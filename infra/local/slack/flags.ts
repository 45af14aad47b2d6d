import { object, objects, text, type JsonObject } from './json.js';
import type { Workspace } from './workspace.js';

/** Puts into users and channels what Slack tells of them and local-slack does not. */

export function withUserFlags(workspace: Workspace, user: JsonObject): JsonObject {
  const known = workspace.people.get(text(user['id']));
  const whole = { is_restricted: false, is_ultra_restricted: false, deleted: false };
  if (known === undefined) return { ...user, ...whole };
  const base = {
    ...user,
    team_id: known.teamId,
    is_bot: known.bot ?? false,
    deleted: known.deleted ?? false,
  };
  // Of a deactivated account Slack tells little more than that.
  if (known.deleted === true) return base;
  return {
    ...base,
    is_restricted: known.restricted ?? false,
    is_ultra_restricted: known.ultraRestricted ?? false,
    ...(known.stranger === true ? { is_stranger: true } : {}),
  };
}

export function withChannelFlags(workspace: Workspace, channel: JsonObject): JsonObject {
  const room = workspace.rooms.get(text(channel['id']));
  if (room === undefined) return channel;
  const shared = { is_shared: room.extShared, is_ext_shared: room.extShared, is_org_shared: false };
  return {
    ...{ ...channel, ...shared, is_pending_ext_shared: false },
    is_member: room.members.has(workspace.botUserId),
    num_members: room.members.size,
  };
}

export function membersPage(workspace: Workspace, channel: string): JsonObject | undefined {
  const room = workspace.rooms.get(channel);
  return room && { ok: true, members: [...room.members], response_metadata: { next_cursor: '' } };
}

export function groupMembers(workspace: Workspace, group: string): JsonObject {
  const users = workspace.userGroups.get(group);
  return users === undefined ? { ok: false, error: 'no_such_subteam' } : { ok: true, users };
}

export function groups(workspace: Workspace): JsonObject {
  const usergroups = [...workspace.userGroups].map(([id, users]) => ({
    ...{ id, team_id: workspace.teamId, is_usergroup: true, handle: id.toLowerCase(), name: id },
    ...{ users, user_count: users.length },
  }));
  return { ok: true, usergroups };
}

/** The same for answers that hold one or many of them. */
export function withFlags(workspace: Workspace, answer: JsonObject): JsonObject {
  const { user, members, channel, channels } = answer;
  const person = (one: JsonObject): JsonObject => withUserFlags(workspace, one);
  const room = (one: JsonObject): JsonObject => withChannelFlags(workspace, one);
  return {
    ...answer,
    ...(user === undefined ? {} : { user: person(object(user)) }),
    ...(members === undefined ? {} : { members: objects(members).map(person) }),
    ...(channel === undefined ? {} : { channel: room(object(channel)) }),
    ...(channels === undefined ? {} : { channels: objects(channels).map(room) }),
  };
}
