import type { App, RespondFn } from '@slack/bolt';
import { mayReview } from '../../engine/review.js';
import type { Message } from '../blocks/message.js';
import { refusalMessage } from '../blocks/refusal.js';
import { REVIEW_MODAL, reviewModal, reviewOf } from '../blocks/review-modal.js';
import { decide, type Act } from '../decide.js';
import { pressed, type Reply } from '../dispatch.js';
import { once, type AppDeps } from './once.js';

const VERB_OF: Readonly<Record<string, string | null>> = {
  'cluster.status': null,
  'cluster.diagnose': 'diagnose',
  'cluster.fix': 'fix',
};

const CLUSTER_ACTION = /^cluster\.(status|diagnose|fix)$/;
const OPERATION_ACTION = /^operation\.(approve|deny|cancel|details)$/;
const NO_ACTION_OF_OURS = /^(?!cluster\.(status|diagnose|fix)$|operation\.(approve|deny|cancel|details)$)/;

interface Click {
  readonly actor: { readonly teamId: string; readonly userId: string };
  readonly channel: string | null;
  readonly thread: string | undefined;
  readonly value: string;
  readonly trigger: string;
}

interface ClickBody {
  readonly user: { readonly id: string; readonly team_id?: string };
  readonly team: { readonly id: string } | null;
  readonly channel?: { readonly id: string };
  readonly trigger_id: string;
  readonly container: Readonly<Record<string, unknown>>;
}

function clickOf(body: ClickBody, action: { readonly value?: string }): Click {
  const { thread_ts: threadTs, message_ts: messageTs } = body.container;
  const root = threadTs ?? messageTs;
  return {
    actor: { teamId: body.user.team_id ?? body.team?.id ?? '', userId: body.user.id },
    channel: body.channel?.id ?? null,
    thread: typeof root === 'string' ? root : undefined,
    value: action.value ?? '',
    trigger: body.trigger_id,
  };
}

/** What a button asks for lands in the thread of its message. */
export function onClusterButton(app: App, deps: AppDeps): void {
  app.action({ type: 'block_actions', action_id: CLUSTER_ACTION }, async ({ ack, action, body, respond }) => {
    const click = clickOf(body, 'value' in action ? { value: action.value } : {});
    const verb = VERB_OF[action.action_id] ?? null;
    const place = { channel: click.channel ?? '', thread: click.thread, responseUrl: body.response_url };
    const reply = await once(deps, click.trigger, () =>
      pressed(deps, { actor: click.actor, place }, { answerId: click.value, verb }),
    );
    await ack();
    await tell(deps, reply, respond);
  });
}

export function onOperationButton(app: App, deps: AppDeps): void {
  app.action(
    { type: 'block_actions', action_id: OPERATION_ACTION },
    async ({ ack, action, body, respond, client }) => {
      const click = clickOf(body, 'value' in action ? { value: action.value } : {});
      const act = action.action_id.replace('operation.', '') as Act;
      const reply = await once(deps, click.trigger, async () => {
        const view = await modalFor(deps, act, click);
        if (view) {
          await client.views.open({ trigger_id: click.trigger, view });
          return null;
        }
        return decide(deps, act, { operationId: click.value, actor: click.actor, channel: click.channel });
      });
      await ack();
      await tell(deps, reply, respond);
    },
  );
}

/** A button of an older message, or one that somebody made up: answered, and nothing is done. */
export function onUnknownButton(app: App, deps: AppDeps): void {
  app.action({ type: 'block_actions', action_id: NO_ACTION_OF_OURS }, async ({ ack, respond }) => {
    await ack();
    await tell(
      deps,
      refusalMessage('I do not know this button any more.', ['Ask anew: `/etcd help`.']),
      respond,
    );
  });
}

/** A denial needs its reason, and a standstill its confirmation; who may not review is told so without a modal. */
async function modalFor(
  deps: AppDeps,
  act: Act,
  click: Click,
): Promise<ReturnType<typeof reviewModal> | null> {
  if (act !== 'approve' && act !== 'deny') return null;
  const operation = await deps.operations.load(click.value);
  if (operation?.state !== 'pending') return null;
  if (act === 'approve' && operation.plan.standstill === null) return null;
  const cluster = deps.clusters.find(({ name }) => name === operation.plan.cluster);
  const { actor, channel } = click;
  const may = cluster ? await mayReview(deps, cluster, { operation, actor, channel, verdict: act }) : null;
  return may?.ok === true ? reviewModal(operation, act) : null;
}

/** A submitted review. Its answer, if it is a no, goes to the channel that the card stands in, for its author alone. */
export function onReview(app: App, deps: AppDeps): void {
  app.view(REVIEW_MODAL.callback, async ({ ack, body, view }) => {
    await ack();
    const asked = reviewOf(view.private_metadata);
    if (!asked) return;
    const { place } = (await deps.operations.load(asked.operationId)) ?? { place: null };
    const values = view.state.values;
    const typedIn = ({ block, action }: { block: string; action: string }): string | undefined =>
      values[block]?.[action]?.value ?? undefined;
    const reply = await once(deps, `${view.id}:${view.hash}`, () =>
      decide(deps, asked.verdict, {
        operationId: asked.operationId,
        actor: { teamId: body.user.team_id ?? body.team?.id ?? '', userId: body.user.id },
        channel: place?.channel ?? null,
        reason: typedIn(REVIEW_MODAL.reason),
        typedCluster: typedIn(REVIEW_MODAL.standstill),
      }),
    );
    if (reply && place) await deps.messenger.whisper(place, body.user.id, reply);
  });
}

/** At once, by the click's own response_url, for the one who clicked. */
async function tell(deps: AppDeps, reply: Reply, respond: RespondFn): Promise<void> {
  if (!reply) return;
  try {
    await respond({ ...whispered(reply), response_type: 'ephemeral', replace_original: false });
  } catch (error) {
    deps.log.warn({ err: error }, 'a click could not be answered');
  }
}

function whispered({ text, blocks }: Message): { text: string; blocks: Message['blocks'][number][] } {
  return { text, blocks: [...blocks] };
}
