import type { App, webApi } from '@slack/bolt';
import type { HomeView } from '@slack/types';
import type { Actor } from '../../domain/actor.js';
import { TargetError } from '../../domain/errors.js';
import { homeAnswer, homeTrouble, homeView, pageIn } from '../blocks/home.js';
import type { Message } from '../blocks/message.js';
import { mishapMessage, refusalMessage } from '../blocks/refusal.js';
import { guarded } from '../guarded.js';
import { homeOf } from '../home.js';
import type { Telling } from './answer.js';
import type { AppDeps } from './once.js';

/** Who looks at which page of their Home. */
export interface Looking {
  readonly client: webApi.WebClient;
  readonly actor: Actor;
  readonly page: number;
}

/** The Home is made anew whenever somebody opens it, turns its page, or presses a button in it. */
export function onHome(app: App, deps: AppDeps): void {
  app.event('app_home_opened', async ({ event, body, client }) => {
    if (event.tab !== 'home') return;
    const actor = { teamId: body.team_id, userId: event.user };
    await sayAtHome(deps, { client, actor, page: pageIn(event.view?.private_metadata) });
  });
  app.action({ type: 'block_actions', action_id: HOME_ACTION }, async ({ ack, action, body, client }) => {
    await ack();
    const page = pageIn('value' in action ? action.value : undefined);
    await sayAtHome(deps, { client, actor: actorOf(body), page });
  });
}

/** Turns a page, or draws it again. */
export const HOME_ACTIONS = ['home.page', 'home.back', 'home.refresh'] as const;

const HOME_ACTION = /^home\.(page|back|refresh)$/;

interface Presser {
  readonly user: { readonly id: string; readonly team_id?: string };
  readonly team: { readonly id: string } | null;
}

function actorOf({ user, team }: Presser): Actor {
  return { teamId: user.team_id ?? team?.id ?? '', userId: user.id };
}

export interface HomeClick extends Presser {
  readonly trigger_id: string;
  readonly container: Readonly<Record<string, unknown>>;
  readonly view?: { readonly private_metadata?: string } | undefined;
  readonly actions: readonly { readonly action_id: string }[];
}

/** Clicks in a view have no response_url and no channel. */
export function isAtHome({ container }: Pick<HomeClick, 'container'>): boolean {
  return container['type'] === 'view';
}

/**
 * What came of a click in the Home stands in the Home, drawn anew, so that what was decided is gone from it. Details are
 * too long for that: a window shows them, as long as Slack opens it.
 */
export function tellingAtHome(deps: AppDeps, client: webApi.WebClient, body: HomeClick): Telling {
  const looking = { client, actor: actorOf(body), page: pageIn(body.view?.private_metadata) };
  const details = body.actions.some(({ action_id: id }) => id.endsWith('.details'));
  const inHome = (said?: Message) => sayAtHome(deps, looking, said);
  return {
    log: deps.log,
    client,
    trigger: body.trigger_id,
    tell: async (message) => {
      if (details && (await opened(deps, { client, trigger: body.trigger_id }, message))) return;
      await inHome(message);
    },
    nothingToTell: () => inHome(),
  };
}

async function opened(
  { log }: AppDeps,
  { client, trigger }: Pick<Telling, 'client' | 'trigger'>,
  message: Message,
): Promise<boolean> {
  try {
    await client.views.open({ trigger_id: trigger, view: homeAnswer(message) });
    return true;
  } catch (error) {
    log.warn({ err: error }, 'Slack did not open a window over the Home');
    return false;
  }
}

/** Draws somebody's Home anew, with what came of their click. */
export async function sayAtHome(deps: AppDeps, looking: Looking, said?: Message): Promise<void> {
  const { client, actor } = looking;
  const view = await viewFor(deps, looking, said);
  try {
    await client.views.publish({ user_id: actor.userId, view });
  } catch (error) {
    deps.log.warn({ err: error }, 'a Home could not be published');
  }
}

/** Nobody stays before an old Home, or before none: what hinders is said there, below what came of a click. */
async function viewFor(deps: AppDeps, { actor, page }: Looking, said?: Message): Promise<HomeView> {
  const made = await guarded(deps, async () => ({ home: await drawn(deps, { actor, page }, said) }));
  if (made !== null && 'home' in made) return made.home;
  return homeTrouble(made?.kind === 'message' ? made.message : mishapMessage('home'), { page, said });
}

async function drawn(
  deps: AppDeps,
  { actor, page }: Pick<Looking, 'actor' | 'page'>,
  said?: Message,
): Promise<HomeView> {
  try {
    return homeView(await homeOf(deps, actor), { page, said });
  } catch (error) {
    if (!(error instanceof TargetError) || error.target !== 'redis') throw error;
    deps.log.warn({ err: error }, 'a Home could not be read');
    return homeTrouble(AWAY, { page, said });
  }
}

const AWAY = refusalMessage('My memory (Redis) does not answer, so I can’t show anything just now.', [
  'Refresh in a minute.',
  'What is already running goes on: nothing of it is lost.',
]);
