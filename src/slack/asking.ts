import type { ModalView } from '@slack/types';
import type { Actor, Place } from '../domain/actor.js';
import type { Refusal } from '../domain/errors.js';
import type { Message } from './blocks/message.js';
import { refusalMessage } from './blocks/refusal.js';

/** Who asks, and from where. */
export interface Asking {
  readonly actor: Actor;
  readonly place: Place;
  /** Slack gave a trigger with it, so a form can be opened; a mention has none. */
  readonly canOpen: boolean;
}

/**
 * For the asker alone: a message; or a form, with what to say where Slack does not open it. Null: what was asked for is in
 * Redis, and its answer comes by itself.
 */
export type Reply =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'form'; readonly view: ModalView; readonly otherwise: Message }
  | null;

export function said(message: Message): Reply {
  return { kind: 'message', message };
}

export function refused({ reason, instead }: Refusal): Reply {
  return said(refusalMessage(reason, instead));
}
