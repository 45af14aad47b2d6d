import type { KnownBlock } from '@slack/types';
import { isTerminal, type Operation } from '../../domain/operation.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import { bare } from '../../domain/sentence.js';
import { isOpenAt, nextOpening, windowText } from '../../domain/window.js';
import { namesOf } from './card-plan.js';
import { escape, person } from './escape.js';
import { section } from './parts.js';
import { moment } from './time.js';

/** What stands above everything else on an open card: why nothing can happen now. */
export function bannerBlocks(operation: Operation, now: number): readonly KnownBlock[] {
  if (isTerminal(operation)) return [];
  const lines = [...pauseLines(operation), ...offLines(operation), ...windowLines(operation, now)];
  return lines.map(section);
}

function pauseLines({ paused, plan, state }: Operation): readonly string[] {
  if (paused === undefined) return [];
  const everywhere = paused.scope === ALL_CLUSTERS;
  const what = everywhere ? 'all clusters' : escape(plan.cluster, 60);
  const why = paused.reason === '' ? '' : `: ${escape(bare(paused.reason))}`;
  const resume = `\`/etcd resume ${everywhere ? 'all' : escape(plan.cluster, 60)}\``;
  const stops = state === 'pending' ? 'Nothing is approved or started' : 'Nothing starts';
  const now = state === 'running' ? 'It stops after the step at work.' : `${stops} until ${resume}.`;
  return [`⏸ *Changes are paused for ${what}* by ${person(paused.by.userId)}${why}. ${now}`];
}

function offLines({ observeOnly, state }: Operation): readonly string[] {
  if (!observeOnly || state !== 'pending') return [];
  return [
    '👁 *Changes are off for this cluster* (`changes: off`): this plan can’t be approved here. Use the lines by hand.',
  ];
}

/** As it is when the card is drawn: the engine looks again at each click and at the start. */
function windowLines(operation: Operation, now: number): readonly string[] {
  const { windows, state, observeOnly, policy, reviews } = operation;
  if (state !== 'pending' || observeOnly || isOpenAt(windows, now)) return [];
  const hours = escape(windows.map(windowText).join('; '));
  const by = reviews.find((review) => review.outsideWindow === true)?.by;
  const opens = nextOpening(windows, now);
  const { users, groups } = policy.outsideWindow;
  const open = opens === null ? '' : `; they open ${moment(opens)}`;
  const then = by
    ? `may start all the same, by ${person(by.userId)}${open}`
    : users.length + groups.length > 0
      ? `starts now only if one of ${namesOf(policy.outsideWindow)} approves${open}`
      : untilTheyOpen(operation, opens);
  return [`🕒 *Outside the maintenance windows* (${hours}): ${then}`];
}

/** Nobody may start it outside: an approved operation waits for a window, but not longer than its start-by time. */
function untilTheyOpen({ policy, approveBy }: Operation, opens: number | null): string {
  if (opens === null) return 'they never open, so it can’t start';
  const earliest = opens - policy.startWithinMs;
  if (earliest > approveBy) return `it expires before they open ${moment(opens)}: propose it again then`;
  return `the last approval counts from ${moment(earliest)} on; it starts when they open ${moment(opens)}`;
}
