import { objects, text, type JsonObject } from '../json.js';
import type { MetadataStore } from '../metadata.js';
import type { Message, View } from '../types.js';
import type { Upstream } from '../upstream.js';
import type { ViewIds } from '../views.js';
import type { Watch } from '../watch.js';
import type { Ids } from './ids.js';
import type { Driver } from './types.js';

export interface ReadDeps {
  upstream: Upstream;
  watch: Watch;
  ids: Ids;
  metadata: MetadataStore;
  viewIds: ViewIds;
}

type Reading = Pick<
  Driver,
  | 'home'
  | 'messages'
  | 'thread'
  | 'ephemerals'
  | 'views'
  | 'modal'
  | 'waitForMessage'
  | 'waitForEphemeral'
  | 'waitForModal'
  | 'waitForHome'
>;

export function makeReading(deps: ReadDeps): Reading {
  const { watch, ids } = deps;
  const { asMessage, asView, inChannel } = makeShapes(deps);
  const views = (): View[] => watch.modals().map(asView);

  function home(user: string): View | undefined {
    const view = watch.home(ids.user(user));
    return view && asView(view);
  }

  return {
    home,
    views,
    modal: () => views().at(-1),
    messages: async (channel) => (await inChannel(channel)).filter((one) => !isEphemeral(one) && isRoot(one)),
    async thread(channel, ts) {
      const all = await inChannel(channel);
      return all.filter((one) => !isEphemeral(one) && (one.ts === ts || one.thread_ts === ts));
    },
    async ephemerals(user) {
      const all = await Promise.all(ids.channels().map(inChannel));
      return all
        .flat()
        .filter((one) => isEphemeral(one) && (user === undefined || isFor(one, ids.user(user))));
    },
    waitForMessage: (channel, matches, options) =>
      watch.until(
        () =>
          watch
            .messages(ids.channel(channel))
            .map(asMessage)
            .find((one) => !isEphemeral(one) && matches(one)),
        { what: `a message in ${channel} matches ${String(matches)}`, ...options },
      ),
    waitForEphemeral: (user, matches, options) =>
      watch.until(
        () =>
          watch
            .allMessages()
            .map(asMessage)
            .find((one) => isFor(one, ids.user(user)) && matches(one)),
        { what: `an ephemeral message for ${user} matches ${String(matches)}`, ...options },
      ),
    waitForModal: (matches = () => true, options) =>
      watch.until(() => views().filter(matches).at(-1), { what: 'a modal is open', ...options }),
    waitForHome: (user, matches = () => true, options) =>
      watch.until(() => [home(user)].find((one) => one !== undefined && matches(one)), {
        ...{ what: `the home of ${user} is published`, ...options },
      }),
  };
}

function makeShapes({ upstream, ids, metadata, viewIds }: ReadDeps) {
  const asMessage = (message: JsonObject): Message =>
    metadata.onto(text(message['channel']), message) as unknown as Message;
  return {
    asMessage,
    asView: (view: JsonObject): View => viewIds.toBot(view) as unknown as View,
    async inChannel(channel: string): Promise<Message[]> {
      const { messages } = await upstream.control(`messages/${ids.channel(channel)}`);
      return objects(messages).map(asMessage);
    },
  };
}

function isEphemeral(message: Message): boolean {
  return message.subtype === 'ephemeral';
}

function isFor(message: Message, user: string): boolean {
  return isEphemeral(message) && message.ephemeral_to === user;
}

function isRoot(message: Message): boolean {
  return message.thread_ts === undefined || message.thread_ts === message.ts;
}
