/*
 * Whether an incident is told, and how: one decision for every change, with a name for every reason. What holds a message
 * back never holds the end of something that has been told.
 */

/** Why nothing new is said of it just now. */
export type Held = 'muted' | 'own-operation' | 'window' | 'blind';

/** What has become of it since it was told last. */
export type Turn =
  'begun' | 'again' | 'worse' | 'joined' | 'better' | 'part-cleared' | 'cleared' | 'unchanged';

export interface Situation {
  readonly turn: Turn;
  /** Its root message stands in Slack, or is on its way there. */
  readonly told: boolean;
  readonly held: Held | null;
  readonly flapping: boolean;
  readonly acknowledged: boolean;
  readonly escalationDue: boolean;
  readonly reminderDue: boolean;
  /** What the root shows is not how it is: other signals, old evidence, a mute that began or ended. */
  readonly outdated: boolean;
}

export type NotifyReason =
  | Held
  | 'new'
  | 'reopened'
  | 'worse'
  | 'joined'
  | 'better'
  | 'part-cleared'
  | 'resolved'
  | 'never-told'
  | 'flapping'
  | 'unacknowledged'
  | 'reminder-due'
  | 'outdated'
  | 'acknowledged'
  | 'unchanged'
  | 'not-long-enough';

/**
 * `open` posts the root, `reopen` `reply` `remind` `escalate` `resolve` edit it and add one reply, `edit` edits it alone,
 * `drop` forgets what nobody was told of.
 */
export type NotifyAct =
  'open' | 'reopen' | 'reply' | 'edit' | 'remind' | 'escalate' | 'resolve' | 'drop' | 'nothing';

export interface Notify {
  readonly act: NotifyAct;
  readonly reason: NotifyReason;
}

export function decide(situation: Situation): Notify {
  const { turn, told, held, acknowledged } = situation;
  if (turn === 'cleared')
    return told ? { act: 'resolve', reason: 'resolved' } : { act: 'drop', reason: 'never-told' };
  if (!told) return held === null ? { act: 'open', reason: 'new' } : { act: 'nothing', reason: held };
  const changed = turn !== 'unchanged';
  const silently = situation.outdated ? 'edit' : 'nothing';
  if (held !== null) return { act: silently, reason: held };
  if (situation.flapping && turn !== 'worse' && changed) return { act: silently, reason: 'flapping' };
  const said = ANSWERS[turn];
  if (said) return said;
  if (situation.escalationDue) return { act: 'escalate', reason: 'unacknowledged' };
  if (situation.reminderDue) return { act: 'remind', reason: 'reminder-due' };
  if (situation.outdated) return { act: 'edit', reason: 'outdated' };
  return { act: 'nothing', reason: acknowledged ? 'acknowledged' : 'unchanged' };
}

const ANSWERS: Readonly<Partial<Record<Turn, Notify>>> = {
  begun: { act: 'reply', reason: 'joined' },
  again: { act: 'reopen', reason: 'reopened' },
  worse: { act: 'reply', reason: 'worse' },
  joined: { act: 'reply', reason: 'joined' },
  better: { act: 'reply', reason: 'better' },
  'part-cleared': { act: 'reply', reason: 'part-cleared' },
};
