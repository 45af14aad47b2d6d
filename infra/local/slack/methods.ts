import { withBlockIds } from './block-ids.js';
import { groupMembers, groups, membersPage, withFlags } from './flags.js';
import { pageOf } from './history.js';
import { isObject, object, text, type JsonObject } from './json.js';
import { truncated } from './limits/refusal.js';
import { roomOf } from './membership.js';
import type { MetadataStore } from './metadata.js';
import type { Upstream } from './upstream.js';
import { viewOf, type ViewIds } from './views.js';
import type { Watch } from './watch.js';
import type { Workspace } from './workspace.js';

export type Method = (args: JsonObject) => Promise<JsonObject>;

export interface MethodDeps {
  workspace: Workspace;
  upstream: Upstream;
  watch: Watch;
  metadata: MetadataStore;
  viewIds: ViewIds;
  /** The address of a new socket connection. */
  socketUrl(): string;
}

/** The methods that do more than pass on what local-slack says. */
export function makeMethods(deps: MethodDeps): (name: string) => Method {
  const { upstream, workspace } = deps;
  const flagged =
    (name: string): Method =>
    async (args) =>
      withFlags(workspace, await upstream.call(name, args));
  const flaggedNames = [
    'users.info',
    'users.list',
    'conversations.info',
    'conversations.list',
    'users.conversations',
  ];
  const own: Record<string, Method> = {
    ...messageMethods(deps),
    ...historyMethods(deps),
    ...viewMethods(deps),
    ...Object.fromEntries(flaggedNames.map((name) => [name, flagged(name)])),
    'apps.connections.open': async () => ({ ok: true, url: deps.socketUrl() }),
    'conversations.members': async (args) => {
      const channel = roomOf(workspace, text(args['channel']))?.id ?? '';
      return membersPage(workspace, channel) ?? upstream.call('conversations.members', args);
    },
    'usergroups.users.list': async (args) => groupMembers(workspace, text(args['usergroup'])),
    'usergroups.list': async () => groups(workspace),
  };
  return (name) => {
    const method = own[name] ?? ((args) => upstream.call(name, args));
    return (args) => method(withBlockIds(args));
  };
}

function messageMethods({ upstream, watch, metadata, workspace }: MethodDeps): Record<string, Method> {
  async function keeping(name: string, args: JsonObject): Promise<JsonObject> {
    const answer = await upstream.call(name, args);
    const { channel, ts, message } = answer;
    if (answer['ok'] !== true) return answer;
    metadata.keep(channel, ts, args['metadata']);
    watch.nudge();
    return isObject(message) ? { ...answer, message: metadata.onto(text(channel), message) } : answer;
  }
  return {
    'chat.postMessage': (args) => keeping('chat.postMessage', truncated(args)),
    'chat.update': async (args) => {
      const channel = roomOf(workspace, text(args['channel']))?.id ?? text(args['channel']);
      const error = updateError(watch.message(channel, text(args['ts'])), workspace.botUserId);
      return error === undefined ? keeping('chat.update', args) : { ok: false, error };
    },
    'chat.delete': async (args) => {
      metadata.forget(args['channel'], args['ts']);
      return upstream.call('chat.delete', args);
    },
  };
}

/** Slack lets a bot change its own messages only, and never an ephemeral one. */
function updateError(message: JsonObject | undefined, botUserId: string): string | undefined {
  if (message === undefined) return undefined;
  if (message['subtype'] === 'ephemeral') return 'message_not_found';
  return message['user'] === botUserId ? undefined : 'cant_update_message';
}

function historyMethods({ upstream, metadata, workspace }: MethodDeps): Record<string, Method> {
  const paged = (kind: 'history' | 'replies') => async (args: JsonObject) => {
    const answer = await upstream.call(`conversations.${kind}`, args);
    const channel = roomOf(workspace, text(args['channel']))?.id ?? text(args['channel']);
    const page = pageOf(answer['messages'], args, kind);
    if (kind === 'replies' && page.messages.length === 0) return { ok: false, error: 'thread_not_found' };
    return { ...answer, ...page, messages: metadata.ontoAll(channel, page.messages, args) };
  };
  return { 'conversations.history': paged('history'), 'conversations.replies': paged('replies') };
}

function viewMethods({ upstream, viewIds }: MethodDeps): Record<string, Method> {
  const opening = (name: string) => async (args: JsonObject) => {
    const answer = await upstream.call(name, args);
    const view = viewOf(answer);
    if (view === undefined) return answer;
    viewIds.opened(view);
    return { ...answer, view: viewIds.toBot(view) };
  };
  return {
    'views.open': opening('views.open'),
    'views.push': opening('views.push'),
    'views.publish': opening('views.publish'),
    'views.update': async (args) => {
      const meant = viewIds.meant(args);
      if ('error' in meant) return { ok: false, ...meant };
      const answer = await upstream.call('views.update', { ...args, view_id: viewIds.current(meant.id) });
      return { ...answer, view: viewIds.updated(meant.id, object(answer['view'])) };
    },
  };
}
