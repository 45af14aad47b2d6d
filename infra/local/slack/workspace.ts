import type { LocalChannel, LocalUser, SlackOptions } from './types.js';

/**
 * What Slack knows of people, channels and groups and local-slack does not. Tests may change it while the bot
 * runs: take somebody out of a channel or a group, deactivate an account.
 */
export interface Person extends LocalUser {
  id: string;
  teamId: string;
}

export interface Room {
  id: string;
  name: string;
  members: Set<string>;
  private: boolean;
  extShared: boolean;
}

export interface Workspace {
  teamId: string;
  appId: string;
  botUserId: string;
  botName: string;
  commands: string[];
  botToken: string;
  appToken: string;
  signingSecret: string;
  scopes: string[];
  requestUrl: string | undefined;
  people: Map<string, Person>;
  rooms: Map<string, Room>;
  userGroups: Map<string, string[]>;
}

const teamId = 'T0LOCAL';

const defaultScopes = [
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'usergroups:read',
  'users:read',
];

export function makeWorkspace(options: SlackOptions): Workspace {
  const { app } = options;
  const botUserId = idOf('U', app.name);
  const people = new Map(options.users.map(person).map((one) => [one.id, one]));
  const idsByName = new Map([...people.values()].map((one) => [one.name, one.id]));
  const rooms = new Map(
    options.channels.map((one) => room(one, idsByName, botUserId)).map((one) => [one.id, one]),
  );
  assertDistinct(people.size, options.users.length, 'users');
  assertDistinct(rooms.size, options.channels.length, 'channels');
  return {
    ...{ teamId, appId: idOf('A', app.name), botUserId, botName: app.name, commands: app.commands },
    botToken: app.token ?? 'xoxb-local-bot',
    appToken: app.appToken ?? 'xapp-local-app',
    signingSecret: app.signingSecret ?? 'local-signing-secret',
    scopes: app.scopes ?? defaultScopes,
    requestUrl: app.requestUrl,
    ...{ people, rooms },
    userGroups: new Map(Object.entries(options.userGroups ?? {})),
  };
}

function person(user: LocalUser): Person {
  return { ...user, id: user.id ?? idOf('U', user.name), teamId: user.teamId ?? teamId };
}

function room(channel: LocalChannel, idsByName: Map<string, string>, botUserId: string): Room {
  const named = channel.members ?? [...idsByName.keys()];
  const members = new Set(named.map((member) => idsByName.get(member) ?? member));
  if (channel.botIsMember ?? true) members.add(botUserId);
  return {
    ...{ id: channel.id ?? idOf('C', channel.name), name: channel.name, members },
    ...{ private: channel.private ?? false, extShared: channel.extShared ?? false },
  };
}

/** Readable ids in Slack's alphabet: alice is U0ALICE. */
function idOf(letter: string, name: string): string {
  return `${letter}0${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')}`;
}

function assertDistinct(distinct: number, given: number, what: string): void {
  if (distinct !== given) throw new Error(`two ${what} have the same id; give them ids of their own`);
}

/** The configuration file of local-slack. */
export function localSlackConfig(workspace: Workspace, requestUrl?: string): unknown {
  const { appId, botUserId, botName, botToken, appToken, signingSecret } = workspace;
  const delivery = requestUrl === undefined ? { mode: 'socket' } : { mode: 'events', requestUrl };
  return {
    workspace: { name: 'Local', domain: 'local', teamId: workspace.teamId },
    apps: [{ appId, botUserId, botName, botToken, appToken, signingSecret, ...delivery }],
    users: [...workspace.people.values()].map(configUser),
    channels: [...workspace.rooms.values()].map(configChannel),
  };
}

function configUser(one: Person): unknown {
  return { id: one.id, name: one.name, real_name: one.realName, is_bot: one.bot ?? false, tz: 'UTC' };
}

function configChannel(one: Room): unknown {
  return { id: one.id, name: one.name, is_private: one.private, members: [...one.members] };
}
