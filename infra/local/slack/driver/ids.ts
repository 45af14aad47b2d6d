import type { Workspace } from '../workspace.js';

/** Ids of people and channels, from their names; what is no name is taken for an id. */
export interface Ids {
  user(nameOrId: string): string;
  channel(nameOrId: string): string;
  users(): Record<string, string>;
  channelsByName(): Record<string, string>;
  /** Ids of all configured channels. */
  channels(): string[];
}

export function makeIds(workspace: Workspace): Ids {
  const users = (): Record<string, string> => byName(workspace.people.values());
  const rooms = (): Record<string, string> => byName(workspace.rooms.values());
  return {
    users,
    channelsByName: rooms,
    user: (nameOrId) => users()[nameOrId] ?? nameOrId,
    channel: (nameOrId) => rooms()[nameOrId.replace(/^#/, '')] ?? nameOrId,
    channels: () => [...workspace.rooms.keys()],
  };
}

function byName(some: Iterable<{ name: string; id: string }>): Record<string, string> {
  return Object.fromEntries([...some].map(({ name, id }) => [name, id]));
}
