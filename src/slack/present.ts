import type { Answer } from '../domain/answer.js';
import type { Operation } from '../domain/operation.js';
import { entryOf, type Catalogue } from '../engine/catalogue.js';
import { operationCard } from './blocks/card.js';
import { marked, type Message } from './blocks/message.js';
import { stepReply } from './blocks/step-reply.js';
import type { Command } from './command.js';
import type { Address } from './messenger.js';

/** A message as it has to stand in Slack. `marker` is the opaque id by which the bot finds it again. */
export interface Wanted {
  readonly marker: string;
  readonly version: number;
  /** Its thread; `root`: under the message with that marker, once it is posted. */
  readonly to: Address & { readonly root?: string };
  readonly message: Message;
  /** Whom to tell, and how, when the bot can't post there. */
  readonly asker: { readonly userId: string; readonly responseUrl?: string | undefined };
  /** May wait until the last edit is two seconds old. */
  readonly patient: boolean;
  /** Nobody waits for it: what somebody waits for goes first. */
  readonly yields: boolean;
}

export function presentAnswer(commands: Catalogue<Command>, answer: Answer): readonly Wanted[] {
  const { question } = answer;
  const marker = `answer:${question.id}`;
  const { channel, thread, responseUrl } = question.place;
  const message = marked(entryOf(commands, question.verb).render(answer), marker);
  const asker = { userId: question.asker.userId, responseUrl };
  const to = { channel, thread };
  return [{ marker, version: question.version, to, message, asker, patient: false, yields: false }];
}

/** The card, always at its newest state, and one reply in its thread for each step that has ended. */
export function presentOperation(operation: Operation, now: number): readonly Wanted[] {
  const { channel, thread, responseUrl } = operation.place;
  const asker = { userId: operation.proposer.userId, responseUrl };
  const marker = `operation:${operation.id}`;
  const card: Wanted = {
    marker,
    version: operation.version,
    to: { channel, thread },
    message: marked(operationCard(operation, now), marker),
    asker,
    patient: operation.state === 'running',
    yields: operation.state === 'running',
  };
  const replies = operation.steps.flatMap((record, index): Wanted[] => {
    if (!['done', 'skipped', 'failed'].includes(record.state)) return [];
    const mine = `${marker}:${record.step.id}`;
    const to = { channel, thread, ...(thread === undefined ? { root: marker } : {}) };
    return [
      {
        marker: mine,
        version: 1,
        to,
        message: marked(stepReply(operation, index), mine),
        asker,
        patient: false,
        yields: true,
      },
    ];
  });
  return [card, ...replies];
}
