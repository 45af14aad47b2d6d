import type { App, ViewOutput } from '@slack/bolt';
import type { Place } from '../../domain/actor.js';
import { MUTE_FORM, mutedFor, muteSubject } from '../blocks/mute-form.js';
import { formRefused, REASON_FORM } from '../blocks/reason-form.js';
import { refusalMessage } from '../blocks/refusal.js';
import { REVIEW_MODAL, reviewOf } from '../blocks/review-modal.js';
import { decide } from '../decide.js';
import { submitted } from '../form.js';
import { muteSubmitted } from '../incident.js';
import { sayAtHome } from './home.js';
import { once, type AppDeps } from './once.js';

interface Sender {
  readonly user: { readonly id: string; readonly team_id?: string };
  readonly team: { readonly id: string } | null;
}

function actorOf({ user, team }: Sender): { teamId: string; userId: string } {
  return { teamId: user.team_id ?? team?.id ?? '', userId: user.id };
}

type Values = ViewOutput['state']['values'];
type Where = { readonly block: string; readonly action: string };

function written(values: Values, { block, action }: Where): string | undefined {
  return values[block]?.[action]?.value ?? undefined;
}

/** A submitted reason. A no stands in the form itself, with the words that were written: no channel need be known for it. */
export function onReason(app: App, deps: AppDeps): void {
  app.view(REASON_FORM.callback, async ({ ack, body, view }) => {
    const reason = written(view.state.values, REASON_FORM.reason)?.trim() ?? '';
    if (reason === '') {
      const errors = { [REASON_FORM.reason.block]: 'Say why, in a few words.' };
      await ack({ response_action: 'errors', errors });
      return;
    }
    const submission = { actor: actorOf(body), draftId: view.private_metadata, reason };
    const reply = await once(deps, `${view.id}:${view.hash}`, () => submitted(deps, submission));
    // An ack of ours would close the form over the answer of the first delivery.
    if (reply === 'seen') return;
    await (reply?.kind === 'message'
      ? ack({ response_action: 'update', view: formRefused(reply.message, reason) })
      : ack());
  });
}

/** A submitted review. Its author alone is answered: in the Home where it was begun there, else in the card's channel. */
export function onReview(app: App, deps: AppDeps): void {
  app.view(REVIEW_MODAL.callback, async ({ ack, body, client, view }) => {
    const asked = reviewOf(view.private_metadata);
    const place = asked ? await placeOf(deps, asked.operationId) : undefined;
    const { values } = view.state;
    const reason = written(values, REVIEW_MODAL.reason);
    if (!asked || !place) {
      const reply = refusalMessage('I can’t find this operation now.', [
        'Look at its card, and try again there.',
      ]);
      await ack({ response_action: 'update', view: formRefused(reply, reason ?? '') });
      return;
    }
    if (asked.act !== 'approve' && (reason ?? '').trim() === '') {
      const errors = { [REVIEW_MODAL.reason.block]: 'Say why, in a few words.' };
      await ack({ response_action: 'errors', errors });
      return;
    }
    await ack();
    const decision = {
      operationId: asked.operationId,
      actor: actorOf(body),
      channel: asked.atHome ? null : place.channel,
      reason,
      typedCluster: written(values, REVIEW_MODAL.standstill),
    };
    const reply = await once(deps, `${view.id}:${view.hash}`, () => decide(deps, asked.act, decision));
    if (reply === 'seen' || reply?.kind !== 'message') return;
    await (asked.atHome
      ? sayAtHome(deps, { client, actor: actorOf(body), page: 0 }, reply.message)
      : deps.messenger.whisper(place, body.user.id, reply.message));
  });
}

/** A submitted mute. A no stands in the form itself; a yes is told in the incident's thread. */
export function onMute(app: App, deps: AppDeps): void {
  app.view(MUTE_FORM.callback, async ({ ack, body, view }) => {
    const { values } = view.state;
    const { span, reason: where } = MUTE_FORM;
    const reason = written(values, where)?.trim() ?? '';
    const forMs = mutedFor(values[span.block]?.[span.action]?.selected_option?.value);
    const subject = muteSubject(view.private_metadata);
    if (reason === '' || forMs === null || !subject) {
      const errors =
        reason === '' ? { [where.block]: 'Say why, in a few words.' } : { [span.block]: 'Choose one.' };
      await ack({ response_action: 'errors', errors });
      return;
    }
    const request = { ...subject, actor: actorOf(body), forMs, reason };
    const reply = await once(deps, `${view.id}:${view.hash}`, () => muteSubmitted(deps, request));
    if (reply === 'seen') return;
    await (reply?.kind === 'message'
      ? ack({ response_action: 'update', view: formRefused(reply.message, reason) })
      : ack());
  });
}

/** Undefined also while our memory is away: what can't be whispered is said in the form itself. */
async function placeOf(deps: AppDeps, operationId: string): Promise<Place | undefined> {
  try {
    return (await deps.operations.load(operationId))?.place;
  } catch (error) {
    deps.log.warn({ err: error }, 'an operation could not be read for a review');
    return undefined;
  }
}
