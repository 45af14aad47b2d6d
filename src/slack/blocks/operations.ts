import type { KnownBlock } from '@slack/types';
import type { Answer } from '../../domain/answer.js';
import { isTerminal, type Operation } from '../../domain/operation.js';
import { approvalsOf } from '../../domain/operation.js';
import { duration } from '../../domain/units.js';
import { cardButtons } from './card-buttons.js';
import { escape, person } from './escape.js';
import { STATE_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { context, section } from './parts.js';
import { otherMessage } from './refusal.js';

/** Open operations first, what is at work with its buttons, so that nobody has to look for its card; then what ended lately. */
export function operationsMessage(answer: Answer): Message {
  if (answer.body.kind !== 'operations') return otherMessage(answer);
  const sorted = answer.body.operations.toSorted((a, b) => b.createdAt - a.createdAt);
  const open = sorted.filter((operation) => !isTerminal(operation));
  const ended = sorted.filter(isTerminal);
  const sectionOf = (operation: Operation) => section(lines(operation, answer.answeredAt));
  return compose({
    verdict: verdict(open),
    body: [
      ...open.flatMap((operation) => [sectionOf(operation), ...buttonsOf(operation)]),
      ...(ended.length > 0 ? [context('ended lately'), ...ended.map(sectionOf)] : []),
      ...(sorted.length === 0 ? [section('There has been none yet. `/etcd fix` proposes one.')] : []),
    ],
  });
}

/** What waits for approval is decided where all of its plan stands. */
function buttonsOf(operation: Operation): readonly KnownBlock[] {
  return operation.state === 'pending' ? [] : [cardButtons(operation)];
}

function verdict(open: readonly Operation[]): string {
  const waiting = open.filter(({ state }) => state === 'pending').length;
  if (open.length === 0) return 'No open operation';
  const count = `${String(open.length)} open ${open.length === 1 ? 'operation' : 'operations'}`;
  return waiting === 0 ? count : `${count}, ${String(waiting)} to be approved`;
}

function lines(operation: Operation, now: number): string {
  const { plan, proposer, createdAt } = operation;
  const who = `${person(proposer.userId)}, ${duration(Math.max(0, now - createdAt))} ago`;
  const cluster = plan.title.includes(plan.cluster) ? '' : `${escape(plan.cluster, 60)} · `;
  const state = `${stateText(operation)} · ${cluster}${who}`;
  return `${STATE_MARK[operation.state]} *${escape(plan.title)}*\n${state}`;
}

function stateText(operation: Operation): string {
  if (operation.state === 'approved' && operation.waits !== undefined) return 'approved, waits';
  if (operation.state === 'unknown')
    return operation.waitsForPerson === undefined ? 'unknown, being read' : 'unknown, needs a person';
  if (operation.state !== 'pending') return operation.state;
  return `pending, ${String(approvalsOf(operation))} of ${String(operation.policy.approvals)} approvals`;
}
