import { object, objects, text, type JsonObject } from '../json.js';
import type { Upstream } from '../upstream.js';
import type { Watch } from '../watch.js';
import type { Workspace } from '../workspace.js';
import { actionOf, filledIn, hasAction } from './elements.js';
import type { Follow } from './follow.js';
import type { Ids } from './ids.js';
import type { Acked, ClickInput, Driver, SayInput } from './types.js';

export interface ActDeps {
  workspace: Workspace;
  upstream: Upstream;
  watch: Watch;
  ids: Ids;
  follow: Follow;
}

type Acting = Pick<
  Driver,
  'command' | 'mention' | 'say' | 'click' | 'clickInHome' | 'submitView' | 'closeView' | 'openHome'
>;

export function makeActing(deps: ActDeps): Acting {
  const { workspace, upstream, ids } = deps;

  async function say({ user, channel, text: said, threadTs }: SayInput): Promise<{ ts: string }> {
    const place = { channel: ids.channel(channel), user: ids.user(user) };
    const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
    const { message } = await upstream.control('message', { ...place, ...thread, text: said });
    return { ts: text(object(message)['ts']) };
  }

  return {
    ...makeViewActing(deps),
    ...makeClicking(deps),
    say,
    mention: (input) => say({ ...input, text: `<@${workspace.botUserId}> ${input.text}` }),
    async openHome(user) {
      await upstream.control('open-home', { user: ids.user(user) });
    },
    command({ user, channel, text: words, command = '/etcd' }) {
      if (!workspace.commands.includes(command)) throw new Error(`the app has no command ${command}`);
      const body = { channel: ids.channel(channel), user: ids.user(user), command, text: words };
      return deps.follow(
        ({ payload }) => payload['command'] === command && payload['text'] === words,
        () => upstream.control('command', body),
      );
    },
  };
}

interface Clicked {
  user: string;
  actionId: string;
  /** Of the message; undefined for a view. */
  ts?: string;
}

function makeClicking({ upstream, watch, ids, follow }: ActDeps): Pick<Acting, 'click' | 'clickInHome'> {
  const clicked = ({ user, actionId, ts }: Clicked, act: () => unknown): Promise<Acked> =>
    follow(
      ({ payload }) =>
        payload['type'] === 'block_actions' &&
        object(payload['user'])['id'] === user &&
        objects(payload['actions'])[0]?.['action_id'] === actionId &&
        object(payload['container'])['message_ts'] === ts,
      act,
    );

  /** What was seen of the message already; asked for only where the button is not in there. */
  async function blocksOf(channel: string, input: ClickInput): Promise<unknown> {
    const seen = watch.message(channel, input.ts)?.['blocks'];
    if (hasAction(seen, input)) return seen;
    const { messages } = await upstream.control(`messages/${channel}`);
    return objects(messages).find((one) => one['ts'] === input.ts)?.['blocks'];
  }

  async function click(input: ClickInput): Promise<Acked> {
    const [channel, user] = [ids.channel(input.channel), ids.user(input.user)];
    const action = actionOf(await blocksOf(channel, input), input);
    const body = { channel, messageTs: input.ts, user, action };
    return clicked({ ...input, user }, () => upstream.control('interact', body));
  }

  return {
    click,
    clickInHome(input) {
      const user = ids.user(input.user);
      const shown = watch.modals().at(-1) ?? watch.home(user);
      const action = actionOf(shown?.['blocks'], input);
      const frame = {
        t: 'block_action',
        user,
        appId: text(shown?.['app_id']),
        channel: '',
        messageTs: '',
        action,
      };
      return clicked({ user, actionId: input.actionId }, () => watch.send(frame));
    },
  };
}

function makeViewActing({ watch, ids, follow }: ActDeps): Pick<Acting, 'submitView' | 'closeView'> {
  return {
    async submitView({ user, values }) {
      const view = watch.modals().at(-1);
      if (view === undefined) throw new Error('no modal is open');
      const frame = { t: 'view_submit', user: ids.user(user), values: filledIn(view, values) };
      const acked = await follow(
        ({ payload }) => payload['type'] === 'view_submission',
        () => watch.send(frame),
      );
      if (acked.failed !== undefined) return acked;
      return { ...acked, ...(await shownAfter(watch, view, object(acked.ackBody))) };
    },
    async closeView({ user }) {
      watch.send({ t: 'view_close', user: ids.user(user) });
      await watch.until(() => (watch.modals().length === 0 ? true : undefined), { what: 'no modal is open' });
    },
  };
}

/** local-slack shows the outcome of a submission a moment after the ack. */
async function shownAfter(
  watch: Watch,
  before: JsonObject,
  ack: JsonObject,
): Promise<{ errors?: Record<string, string> }> {
  if (ack['response_action'] === 'errors') return { errors: ack['errors'] as Record<string, string> };
  const changed = (): true | undefined => (watch.modals().at(-1) === before ? undefined : true);
  await watch.until(changed, { what: 'the submitted modal is gone' });
  return {};
}
