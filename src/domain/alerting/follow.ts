import { applied } from './apply.js';
import type { Change } from './change.js';
import { hushOf, type Circumstances } from './circumstances.js';
import { decide, type Notify } from './decide.js';
import type { AlertBook, Incident, RuleState } from './incident.js';
import { placedAll, REOPEN_MS } from './placing.js';
import { advanced, isFlapping, isForgettable, waitingAnew, type Judged } from './rule-state.js';
import { active, firingOf, withSwallowed, type Firing, type Look } from './signals.js';
import { escalationDue, reminderDue } from './timing.js';
import { isOutdated, settled, turnOf } from './turns.js';

/*
 * From what the rules see to incidents: pure. Signals of one cause share an incident; what follows from another trouble
 * joins its incident; what fires again soon goes on in the thread that there was.
 */

export interface Decision extends Notify {
  /** A rule's id, or an incident's. */
  readonly of: string;
}

export interface Followed {
  readonly book: AlertBook;
  readonly decisions: readonly Decision[];
}

export function follow(book: AlertBook, judged: readonly Judged[], circumstances: Circumstances): Followed {
  const { now, holdMs } = circumstances;
  const states = statesAfter(book, judged, now);
  const firing = firingOf(judged, states, now);
  const rules = new Map(judged.map((one) => [one.id, one]));
  const look: Look = { now, holdMs, states, firing, rules };
  const grown = placedAll(book.incidents, look, circumstances);
  const outcomes = grown.map((after) => outcomeOf(after, { book, look }, circumstances));
  return {
    book: {
      ...book,
      rules: remembered(states, outcomes, now),
      incidents: outcomes.flatMap(({ incident }) => (incident && isKept(incident, now) ? [incident] : [])),
    },
    decisions: [...waiting(judged, states, firing), ...outcomes.map(({ decision }) => decision)],
  };
}

function statesAfter(
  { rules, incidents }: AlertBook,
  judged: readonly Judged[],
  now: number,
): Readonly<Record<string, RuleState>> {
  const after = judged.map((one) => ({ ...one, state: advanced(rules[one.id], one, now) }));
  const seen = after.filter(({ state }) => state.severity !== null);
  const swallowed = new Set(seen.flatMap(({ rule }) => rule.swallows ?? []));
  const told = new Set(incidents.flatMap(active).map((signal) => signal.rule));
  const waits = ({ id, rule }: Judged): boolean =>
    rule.lingers === true && swallowed.has(id) && !told.has(id);
  const states = after.map((one) => [one.id, waits(one) ? waitingAnew(one.state, now) : one.state] as const);
  return { ...rules, ...Object.fromEntries(states) };
}

interface Around {
  readonly book: AlertBook;
  readonly look: Look;
}

interface Outcome {
  /** Null: nobody was told of it, and it is over. */
  readonly incident: Incident | null;
  readonly decision: Decision;
}

function outcomeOf(placed: Incident, { book, look }: Around, circumstances: Circumstances): Outcome {
  const seen = { ...placed, signals: withSwallowed(placed.signals, look.rules) };
  const before = book.incidents.find(({ id }) => id === seen.id);
  if (before?.state === 'resolved' && active(seen).length === 0)
    return { incident: before, decision: { of: before.id, act: 'nothing', reason: 'unchanged' } };
  const { held, aloud } = hushOf(circumstances, active(seen), look.rules);
  const turn = turnOf(before?.told, seen, aloud);
  const after = settled(seen, turn, circumstances.now);
  const flapping = after.signals.some(({ rule }) => {
    const state = look.states[rule];
    return state !== undefined && isFlapping(state, look.now);
  });
  const change: Change = { before, after, turn, held, aloud, flapping };
  const decision = decide({
    turn,
    told: after.untold !== true,
    held,
    flapping,
    acknowledged: after.acknowledged !== undefined,
    escalationDue: escalationDue(after, circumstances),
    reminderDue: reminderDue(after, circumstances),
    outdated: isOutdated(change, circumstances),
  });
  const incident = decision.act === 'drop' ? null : applied(decision, change, circumstances);
  return { incident, decision: { of: seen.id, ...decision } };
}

function isKept({ state, resolved }: Incident, now: number): boolean {
  return state === 'firing' || now - (resolved?.at ?? 0) < REOPEN_MS;
}

/** What is clear and has not come and gone lately is forgotten, so that a healthy cluster's book is next to empty. */
function remembered(
  states: Readonly<Record<string, RuleState>>,
  outcomes: readonly Outcome[],
  now: number,
): AlertBook['rules'] {
  const wanted = new Set(
    outcomes.flatMap(({ incident }) => (incident ? active(incident) : []).map(({ rule }) => rule)),
  );
  return Object.fromEntries(
    Object.entries(states).filter(([rule, state]) => wanted.has(rule) || !isForgettable(state, now)),
  );
}

function waiting(
  judged: readonly Judged[],
  states: Readonly<Record<string, RuleState>>,
  firing: readonly Firing[],
): readonly Decision[] {
  const due = new Set(firing.map(({ judged: { id } }) => id));
  return judged.flatMap(({ id }) =>
    states[id]?.severity && !due.has(id)
      ? [{ of: id, act: 'nothing' as const, reason: 'not-long-enough' as const }]
      : [],
  );
}
