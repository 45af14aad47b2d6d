import { text, type JsonObject } from './json.js';
import type { Room, Workspace } from './workspace.js';

/** Methods that need the bot in the channel; a private one does not even show itself to it. */
const asMember = new Set([
  'chat.postMessage',
  'chat.postEphemeral',
  'conversations.history',
  'conversations.replies',
  'files.completeUploadExternal',
]);

const asOnlooker = new Set(['conversations.info', 'conversations.members']);

export function membershipError(workspace: Workspace, method: string, args: JsonObject): string | undefined {
  if (!asMember.has(method) && !asOnlooker.has(method)) return undefined;
  const channel = text(args['channel'] ?? args['channel_id'] ?? args['channels']);
  // A file can be uploaded without showing it anywhere.
  if (channel === '' && method.startsWith('files.')) return undefined;
  if (/^D/.test(channel) || workspace.people.has(channel)) return undefined;
  const room = roomOf(workspace, channel);
  if (room === undefined) return 'channel_not_found';
  if (!room.members.has(workspace.botUserId)) return errorOfOutsider(room, method);
  const readerIsAway = method === 'chat.postEphemeral' && !room.members.has(text(args['user']));
  return readerIsAway ? 'user_not_in_channel' : undefined;
}

function errorOfOutsider(room: Room, method: string): string | undefined {
  if (room.private) return 'channel_not_found';
  return asOnlooker.has(method) ? undefined : 'not_in_channel';
}

export function roomOf(workspace: Workspace, channel: string): Room | undefined {
  const name = channel.replace(/^#/, '');
  return workspace.rooms.get(channel) ?? [...workspace.rooms.values()].find((room) => room.name === name);
}
