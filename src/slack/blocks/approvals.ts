import type { KnownBlock } from '@slack/types';
import { approvalsOf, type Operation } from '../../domain/operation.js';
import { duration } from '../../domain/units.js';
import { listButtons } from './card-buttons.js';
import { channelName, escape, person } from './escape.js';
import { compose, type Message } from './message.js';
import { context, section } from './parts.js';

/** More than these nobody decides in one sitting. */
const MOST_SHOWN = 10;

/** What only one person sees can have no file beside it, so it has to fit. */
const MOST_CHARACTERS = 10_300;

export interface Waiting {
  /** Of this channel's clusters, the most urgent first: these can be decided here. */
  readonly here: readonly Operation[];
  /** Of clusters that are handled in other channels. */
  readonly elsewhere: readonly Operation[];
  /** Of so many Slack did not say whether this person may review them. */
  readonly unsure?: number;
}

/** What waits for one person, who alone sees it. `now` is when it is drawn. */
export function approvalsMessage({ here, elsewhere, unsure = 0 }: Waiting, now: number): Message {
  const groups = [
    ...here.map((operation) => blocksOf(operation, now)),
    ...elsewhere.map((operation) => [section(lineOf(operation, now))]),
  ];
  const shown = fitting(groups.slice(0, MOST_SHOWN));
  const more = groups.length - shown.length;
  return compose({
    verdict:
      here.length + elsewhere.length === 0 && unsure > 0
        ? 'I can’t tell what waits for you'
        : verdict(here.length, elsewhere.length),
    body: [
      ...shown.flat(),
      ...(unsure > 0 ? [section(unsureText(unsure))] : []),
      ...(more > 0 ? [context(`+${String(more)} more: decide these first, then ask again.`)] : []),
    ],
    ...(here.length + elsewhere.length + unsure === 0 && {
      tail: [
        context('It lists what you may approve and have not reviewed. `/etcd operations` shows the rest.'),
      ],
    }),
  });
}

function fitting(groups: readonly (readonly KnownBlock[])[]): readonly (readonly KnownBlock[])[] {
  let characters = 0;
  const last = groups.findIndex((group) => {
    characters += JSON.stringify(group).length;
    return characters > MOST_CHARACTERS;
  });
  return last < 0 ? groups : groups.slice(0, last);
}

function verdict(here: number, elsewhere: number): string {
  if (here + elsewhere === 0) return 'Nothing waits for you';
  if (elsewhere === 0) return `${operations(here)} for your approval`;
  if (here === 0) return `${operations(elsewhere)} for your approval, in other channels`;
  return `${operations(here)} for your approval here, ${String(elsewhere)} in other channels`;
}

function unsureText(count: number): string {
  const they = count === 1 ? 'it waits' : 'they wait';
  return `⚪ ${operations(count)} for approval, and Slack does not say now whether ${they} for yours. Ask again in a moment; \`/etcd operations\` lists what is open.`;
}

function operations(count: number): string {
  return `${String(count)} ${count === 1 ? 'operation waits' : 'operations wait'}`;
}

function blocksOf(operation: Operation, now: number): readonly KnownBlock[] {
  const { plan, proposer, reason = '' } = operation;
  const cluster = plan.title.includes(plan.cluster) ? '' : `${escape(plan.cluster, 60)} · `;
  const why = reason === '' ? '' : `: ${escape(reason)}`;
  const text = [
    `*${escape(plan.title)}*`,
    `${cluster}${standing(operation, now)}`,
    `Proposed by ${person(proposer.userId)}${why}`,
  ];
  return [section(text.join('\n')), listButtons(operation)];
}

function lineOf(operation: Operation, now: number): string {
  const { plan, place } = operation;
  return `•  *${escape(plan.title)}* · ${standing(operation, now)} · in ${channelName(place.channel)}`;
}

function standing(operation: Operation, now: number): string {
  const count = `${String(approvalsOf(operation))} of ${String(operation.policy.approvals)} approvals`;
  const leftMs = operation.approveBy - now;
  return `${count} · ${leftMs > 0 ? `${duration(leftMs)} left` : 'too late'}`;
}
