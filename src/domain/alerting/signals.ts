import type { Incident, RuleState, Signal } from './incident.js';
import { ALERT_SEVERITIES, type AlertRule, type AlertSeverity } from './rule.js';
import { dueSeverity, isFlapping, STABLE_MS, type Judged } from './rule-state.js';

/** A rule that has been seen for long enough to be told. */
export interface Firing {
  readonly judged: Judged;
  readonly state: RuleState;
  readonly severity: AlertSeverity;
}

export function firingOf(
  judged: readonly Judged[],
  states: Readonly<Record<string, RuleState>>,
  now: number,
): readonly Firing[] {
  // What was seen once and then not at all does not grow old enough by that.
  return judged.flatMap((one) => {
    if (one.reading.state !== 'firing') return [];
    const state = states[one.id];
    const severity = state ? dueSeverity(state, one, now) : null;
    return state && severity ? [{ judged: one, state, severity }] : [];
  });
}

export function signalOf({ judged: { id, rule }, state, severity }: Firing): Signal {
  const { title, means, advice, runbook } = rule;
  const since = Math.min(...Object.values(state.seenSince));
  const { summary, evidence } = state;
  return { rule: id, title, means, advice, runbook, severity, since, summary, evidence };
}

export interface Look {
  readonly now: number;
  readonly holdMs: Readonly<Record<AlertRule['every'], number>>;
  readonly states: Readonly<Record<string, RuleState>>;
  readonly firing: readonly Firing[];
  readonly rules: ReadonlyMap<string, Judged>;
}

/** A signal of an open incident after another look: as it is seen now, or at its end. */
export function signalNow(signal: Signal, { now, holdMs, states, firing, rules }: Look): Signal {
  const fires = firing.find(({ judged }) => judged.id === signal.rule);
  if (fires) return { ...signalOf(fires), since: signal.cleared ? signalOf(fires).since : signal.since };
  if (signal.cleared !== undefined) return signal;
  const judged = rules.get(signal.rule);
  if (!judged) return { ...signal, cleared: { at: now, because: 'it is not watched any more' } };
  const state = states[signal.rule];
  if (state === undefined || state.clearSince === null) return signal;
  const usual = holdMs[judged.rule.every];
  const hold = isFlapping(state, now) ? Math.max(usual, STABLE_MS) : usual;
  if (now - state.clearSince < hold) return signal;
  return { ...signal, cleared: { at: now, because: state.because ?? 'it is well again' } };
}

export function active({ signals }: Pick<Incident, 'signals'>): readonly Signal[] {
  return signals.filter((signal) => signal.cleared === undefined);
}

/** What follows from another signal that fires is marked so. */
export function withSwallowed(
  signals: readonly Signal[],
  rules: ReadonlyMap<string, Pick<Judged, 'rule'>>,
): readonly Signal[] {
  const fires = signals.filter(({ cleared }) => cleared === undefined);
  const swallowed = new Set(fires.flatMap(({ rule }) => rules.get(rule)?.rule.swallows ?? []));
  return signals.map(({ swallowed: _swallowed, ...signal }) =>
    swallowed.has(signal.rule) ? { ...signal, swallowed: true } : signal,
  );
}

/** Worst first, what follows from it behind it, those that are cleared last. */
export function ordered(signals: readonly Signal[]): readonly Signal[] {
  const most = ALERT_SEVERITIES.length;
  const weight = ({ cleared, swallowed, severity }: Signal): number =>
    (cleared ? 2 * most : 0) + (swallowed ? most : 0) + ALERT_SEVERITIES.indexOf(severity);
  return signals.toSorted((a, b) => weight(a) - weight(b) || a.since - b.since);
}

/** Of what fires; of an incident that has ended, what it was last. */
export function severityOf(signals: readonly Signal[], before: AlertSeverity): AlertSeverity {
  return ordered(signals).find(({ cleared }) => cleared === undefined)?.severity ?? before;
}
