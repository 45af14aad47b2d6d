import { approvalsOf, type Operation } from '../../domain/operation.js';
import { duration } from '../../domain/units.js';
import { escape, group, person } from './escape.js';
import { compose, type Message } from './message.js';
import { section } from './parts.js';

/** In the card's thread, for those who can still approve: names them, so that Slack calls them. */
export function reminderMessage(operation: Operation, now: number): Message {
  const left = duration(wholeUnits(Math.max(0, operation.approveBy - now)));
  const count = `${String(approvalsOf(operation))} of ${String(operation.policy.approvals)} approvals so far`;
  const called = approversLeft(operation).join(' ');
  return compose({
    verdict: `⏳ ${left} left to approve: ${operation.plan.title}`,
    headline: false,
    body: [
      section(
        `⏳ *${left} left to approve*${called === '' ? '' : `: ${called}`} – ${count}\n${escape(operation.plan.title)}`,
      ),
    ],
  });
}

/** Whole minutes, and seconds below one: nobody counts along. */
function wholeUnits(ms: number): number {
  const unit = ms < 60_000 ? 1000 : 60_000;
  return Math.floor(ms / unit) * unit;
}

/** Not who has reviewed already, nor who proposed it. Who of a group has, only Slack knows. */
function approversLeft({ policy, reviews, proposer }: Operation): readonly string[] {
  const done = new Set([proposer.userId, ...reviews.map(({ by }) => by.userId)]);
  const { users, groups } = policy.approvers;
  return [...users.filter((user) => !done.has(user)).map(person), ...groups.map(group)];
}
