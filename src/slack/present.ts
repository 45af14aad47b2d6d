import type { Answer } from '../domain/answer.js';
import type { Operation } from '../domain/operation.js';
import type { Notice } from '../domain/ports.js';
import { entryOf, type Catalogue } from '../engine/catalogue.js';
import { operationCard } from './blocks/card.js';
import { emergencyMessage } from './blocks/emergency.js';
import { marked, type Message } from './blocks/message.js';
import { noticeMessage } from './blocks/notice.js';
import { reminderMessage } from './blocks/reminder.js';
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
  /** The channel that takes it where Slack refuses the first one, so that it is not lost. */
  readonly otherwise?: string | undefined;
  /** Whom to tell, and how, when the bot can't post there. */
  readonly asker: { readonly userId: string; readonly responseUrl?: string | undefined };
  /** May wait until the last edit is two seconds old. */
  readonly patient: boolean;
  /** Its files come when it is brought up to date: it was posted before there were any. */
  readonly filesLater?: boolean;
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
  const filesLater = answer.body.kind === 'keys' || answer.body.kind === 'churn';
  const { version } = question;
  return [{ marker, version, to, message, asker, filesLater, patient: false, yields: false }];
}

/** Nobody asked for it, so nobody is told where it can't be posted. */
export function presentNotice(notice: Notice): readonly Wanted[] {
  const { id, version, channel } = notice;
  const marker = `notice:${id}`;
  const message = marked(noticeMessage(notice), marker);
  return [{ marker, version, to: { channel }, message, asker: { userId: '' }, patient: false, yields: true }];
}

/** When it is drawn, and where the bot tells of what nobody asked for. */
export interface Drawing {
  readonly now: number;
  readonly alertsChannel: string | null;
}

/**
 * The card, always at its newest state; in its thread a reply for each step that has ended, and the newest reminder; in
 * the alerts channel each emergency approval.
 */
export function presentOperation(operation: Operation, drawing: Drawing): readonly Wanted[] {
  const replies = operation.steps.flatMap((_, index) => stepReplies(operation, index));
  return [
    cardOf(operation, drawing.now),
    ...emergencies(operation, drawing.alertsChannel),
    ...reminders(operation, drawing.now),
    ...replies,
  ];
}

function cardOf(operation: Operation, now: number): Wanted {
  const { channel, thread } = operation.place;
  const marker = markerOf(operation);
  return {
    marker,
    version: operation.version,
    to: { channel, thread },
    message: marked(operationCard(operation, now), marker),
    asker: proposerOf(operation),
    patient: operation.state === 'running',
    yields: operation.state === 'running',
  };
}

function stepReplies(operation: Operation, index: number): readonly Wanted[] {
  const record = operation.steps[index];
  if (!record || !['done', 'skipped', 'failed'].includes(record.state)) return [];
  return [inThread(operation, { name: record.step.id, message: stepReply(operation, index), yields: true })];
}

/**
 * Only while there is time: a reminder that Slack did not take before is of no use afterwards. Of several that are due
 * only the newest is sent, and none is ever drawn again.
 */
function reminders(operation: Operation, now: number): readonly Wanted[] {
  const { remindedAt = [], state, approveBy } = operation;
  if (remindedAt.length === 0 || state !== 'pending' || now > approveBy) return [];
  const name = `reminder:${String(remindedAt.length - 1)}`;
  return [inThread(operation, { name, message: reminderMessage(operation, now), yields: false })];
}

interface Reply {
  readonly name: string;
  readonly message: Message;
  readonly yields: boolean;
}

/** Posted once under the card, and never changed. */
function inThread(operation: Operation, { name, message, yields }: Reply): Wanted {
  const { channel, thread } = operation.place;
  const root = markerOf(operation);
  const marker = `${root}:${name}`;
  const to = { channel, thread, ...(thread === undefined ? { root } : {}) };
  const asker = proposerOf(operation);
  return { marker, version: 1, to, message: marked(message, marker), asker, patient: false, yields };
}

/** Somebody approved alone: told where everybody looks, whatever became of the operation. */
function emergencies(operation: Operation, channel: string | null): readonly Wanted[] {
  const review = operation.reviews.find((one) => one.verdict === 'approve' && one.emergency === true);
  if (!review || channel === null) return [];
  const marker = `${markerOf(operation)}:emergency`;
  const message = marked(emergencyMessage(operation, review), marker);
  const asker = { userId: review.by.userId };
  return [{ marker, version: 1, to: { channel }, message, asker, patient: false, yields: false }];
}

function markerOf({ id }: Operation): string {
  return `operation:${id}`;
}

function proposerOf({ proposer, place }: Operation): Wanted['asker'] {
  return { userId: proposer.userId, responseUrl: place.responseUrl };
}
