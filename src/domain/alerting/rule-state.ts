import type { RuleState } from './incident.js';
import { ALERT_SEVERITIES, worseThan, type AlertRule, type AlertSeverity, type Reading } from './rule.js';

/** One rule of the catalogue, and what it has just seen on one cluster. */
export interface Judged {
  readonly id: string;
  readonly rule: AlertRule;
  /** As configured for this cluster, by threshold name. */
  readonly limits: Readonly<Record<string, number>>;
  readonly reading: Reading;
}

const HOUR_MS = 3_600_000;

/** Falls and rises within an hour from which on it counts as flapping. */
const FLAPS = 3;

/** What has stayed for so long, gone or there, does not come and go any more. */
export const STABLE_MS = 15 * 60_000;

const NOTHING = {
  severity: null,
  seenSince: {},
  clearSince: null,
  summary: '',
  evidence: [],
  because: null,
  begun: [],
};

/** What is remembered of a rule after another look. Not seen is neither trouble nor its end: everything stays. */
export function advanced(before: RuleState | undefined, judged: Judged, now: number): RuleState {
  const { id, reading } = judged;
  const state: RuleState = before ?? { rule: id, ...NOTHING };
  if (reading.state === 'unknown') return state;
  const begun = state.begun.filter((at) => at > now - HOUR_MS && at <= now);
  if (reading.state === 'clear')
    return {
      ...state,
      severity: null,
      seenSince: {},
      clearSince: state.clearSince ?? now,
      because: reading.because,
      begun,
    };
  const next: RuleState = {
    ...state,
    severity: reading.severity,
    seenSince: seenSince(state, reading.severity, now),
    clearSince: null,
    summary: reading.summary,
    evidence: reading.evidence,
    because: null,
    begun,
  };
  const counts = state.severity === null || hasFallen([state, next], judged, now);
  return counts ? { ...next, begun: [...begun, now] } : next;
}

/** Less severe than it could be told until now: between critical and a warning it can come and go, too. */
function hasFallen([was, is]: readonly [RuleState, RuleState], judged: Judged, now: number): boolean {
  const [before, after] = [dueSeverity(was, judged, now), dueSeverity(is, judged, now)];
  return before !== null && after !== null && worseThan(before, after);
}

/** What is critical is seen as a warning, too; what is a warning only is not critical any more. */
function seenSince(state: RuleState, severity: AlertSeverity, now: number): RuleState['seenSince'] {
  const seen = ALERT_SEVERITIES.filter((one) => !worseThan(one, severity));
  return Object.fromEntries(seen.map((one) => [one, state.seenSince[one] ?? now]));
}

/** As if it had been seen just now for the first time. */
export function waitingAnew(state: RuleState, now: number): RuleState {
  const seen = Object.keys(state.seenSince).map((severity) => [severity, now] as const);
  return { ...state, seenSince: Object.fromEntries(seen) };
}

/** The worst severity that has been seen for long enough to be told; null: none. */
export function dueSeverity(
  state: RuleState,
  { rule, limits }: Pick<Judged, 'rule' | 'limits'>,
  now: number,
): AlertSeverity | null {
  const due = ALERT_SEVERITIES.find((severity) => {
    const since = state.seenSince[severity];
    return since !== undefined && now - since >= rule.forMs(severity, limits);
  });
  return due ?? null;
}

export function isFlapping({ severity, begun }: RuleState, now: number): boolean {
  const lately = begun.filter((at) => at > now - HOUR_MS);
  const stays = severity !== null && now - (lately.at(-1) ?? 0) >= STABLE_MS;
  return lately.length >= FLAPS && !stays;
}

/** Clear, and with nothing left that somebody could want to know: not worth a row. */
export function isForgettable(state: RuleState, now: number): boolean {
  return state.severity === null && state.begun.every((at) => at <= now - HOUR_MS);
}
