import type { App, RespondFn } from '@slack/bolt';
import { no } from '../../domain/errors.js';
import { refused } from '../asking.js';
import { clicked, type CardButton } from '../decide.js';
import { pressed } from '../dispatch.js';
import { incidentClicked, type IncidentButton } from '../incident.js';
import { lookCancelled } from '../look.js';
import { answer, whispered, type Telling } from './answer.js';
import { HOME_ACTIONS, isAtHome, tellingAtHome, type HomeClick } from './home.js';
import { removeDuplicate } from './duplicate.js';
import { once, type AppDeps } from './once.js';

const VERB_OF: Readonly<Record<string, string | null>> = {
  'cluster.status': null,
  'cluster.diagnose': 'diagnose',
  'cluster.fix': 'fix',
};

const CARD_BUTTONS: Readonly<Record<string, CardButton>> = {
  'operation.approve': 'approve',
  'operation.review': 'review',
  'operation.deny': 'deny',
  'operation.emergency': 'emergency',
  'operation.cancel': 'cancel',
  'operation.details': 'details',
};

const INCIDENT_BUTTONS: Readonly<Record<string, IncidentButton>> = {
  'incident.acknowledge': 'acknowledge',
  'incident.mute': 'mute',
  'incident.details': 'details',
  'incident.diagnose': 'diagnose',
  'incident.fix': 'fix',
};

const LOOK_ACTION = 'scan.cancel';
const CLUSTER_ACTION = oneOf(Object.keys(VERB_OF));
const OPERATION_ACTION = oneOf(Object.keys(CARD_BUTTONS));
const INCIDENT_ACTION = oneOf(Object.keys(INCIDENT_BUTTONS));
const NO_ACTION_OF_OURS = noneOf([
  ...[VERB_OF, CARD_BUTTONS, INCIDENT_BUTTONS].flatMap((buttons) => Object.keys(buttons)),
  ...HOME_ACTIONS,
  LOOK_ACTION,
]);

function oneOf(ids: readonly string[]): RegExp {
  return new RegExp(`^(${ids.map(quoted).join('|')})$`);
}

function noneOf(ids: readonly string[]): RegExp {
  return new RegExp(`^(?!(${ids.map(quoted).join('|')})$)`);
}

function quoted(id: string): string {
  return id.replaceAll('.', String.raw`\.`);
}

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

function clickOf(body: ClickBody, action: object): Click {
  const { thread_ts: threadTs, message_ts: messageTs } = body.container;
  const root = threadTs ?? messageTs;
  return {
    actor: { teamId: body.user.team_id ?? body.team?.id ?? '', userId: body.user.id },
    channel: body.channel?.id ?? null,
    thread: typeof root === 'string' ? root : undefined,
    value: 'value' in action && typeof action.value === 'string' ? action.value : '',
    trigger: body.trigger_id,
  };
}

/** What a button asks for lands in the thread of its message. */
export function onClusterButton(app: App, deps: AppDeps): void {
  app.action({ type: 'block_actions', action_id: CLUSTER_ACTION }, async (event) => {
    const { ack, action, body } = event;
    const { actor, channel, thread, value, trigger } = clickOf(body, action);
    const verb = VERB_OF[action.action_id] ?? null;
    const place = { channel: channel ?? '', thread, responseUrl: body.response_url };
    const reply = await once(deps, trigger, () =>
      pressed(deps, { actor, place, canOpen: true }, { answerId: value, verb }),
    );
    await ack();
    await answer(tellingOf(deps, event), reply);
  });
}

export function onOperationButton(app: App, deps: AppDeps): void {
  app.action({ type: 'block_actions', action_id: OPERATION_ACTION }, async (event) => {
    const { ack, action, body } = event;
    const { actor, channel, value, trigger } = clickOf(body, action);
    const button = CARD_BUTTONS[action.action_id] ?? 'details';
    const reply = await once(deps, trigger, () =>
      clicked(deps, button, { operationId: value, actor, channel }),
    );
    await ack();
    await answer(tellingOf(deps, event), reply);
    if (channel !== null) await removeDuplicate(deps, channel, body.message);
  });
}

/** An incident's button, under its root message or in App Home. */
export function onIncidentButton(app: App, deps: AppDeps): void {
  app.action({ type: 'block_actions', action_id: INCIDENT_ACTION }, async (event) => {
    const { ack, action, body } = event;
    const { actor, channel, value, trigger } = clickOf(body, action);
    const button = INCIDENT_BUTTONS[action.action_id] ?? 'details';
    const asked = { incidentId: value, actor, channel, responseUrl: body.response_url };
    const reply = await once(deps, trigger, () => incidentClicked(deps, button, asked));
    await ack();
    await answer(tellingOf(deps, event), reply);
    if (channel !== null) await removeDuplicate(deps, channel, body.message);
  });
}

/** *Cancel* under a look that is under way: who clicked is told, and the message itself shows what came of it. */
export function onLookButton(app: App, deps: AppDeps): void {
  app.action({ type: 'block_actions', action_id: LOOK_ACTION }, async (event) => {
    const { ack, action, body } = event;
    const { actor, channel, value, trigger } = clickOf(body, action);
    const reply = await once(deps, trigger, () => lookCancelled(deps, { answerId: value, actor, channel }));
    await ack();
    await answer(tellingOf(deps, event), reply);
  });
}

/** A button of an older message, or one that somebody made up: answered, and nothing is done. */
export function onUnknownButton(app: App, deps: AppDeps): void {
  app.action({ type: 'block_actions', action_id: NO_ACTION_OF_OURS }, async (event) => {
    await event.ack();
    const unknown = no('I do not know this button any more.', ['Ask anew: `/etcd help`.']);
    await answer(tellingOf(deps, event), refused(unknown));
  });
}

/** At once, by the click's own response_url, for the one who clicked; in App Home there is none. */
function tellingOf(deps: AppDeps, { client, body, respond }: Clicked): Telling {
  if (isAtHome(body)) return tellingAtHome(deps, client, body);
  return {
    log: deps.log,
    client,
    trigger: body.trigger_id,
    tell: (message) => respond({ ...whispered(message), replace_original: false }),
  };
}

interface Clicked extends Pick<Telling, 'client'> {
  readonly body: HomeClick;
  readonly respond: RespondFn;
}
