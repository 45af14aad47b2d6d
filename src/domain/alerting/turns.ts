import type { Change } from './change.js';
import type { Circumstances } from './circumstances.js';
import type { Turn } from './decide.js';
import type { Incident, Told } from './incident.js';
import { worseThan } from './rule.js';
import { active, ordered, severityOf } from './signals.js';

/** Numbers move all the time: the root message shows them anew no more often than this. */
const REFRESH_MS = 5 * 60_000;

/**
 * What has become of an incident since it was told, as far as it may be told: what is held back meanwhile is news when the
 * hold has ended, if it is so still.
 */
export function turnOf(told: Told | undefined, seen: Incident, aloud: ReadonlySet<string>): Turn {
  const fires = active(seen);
  if (fires.length === 0) return 'cleared';
  if (!told) return 'begun';
  if (told.state === 'resolved') return 'again';
  const news = fires.filter(({ rule }) => aloud.has(rule));
  if (worseThan(severityOf(news, told.severity), told.severity)) return 'worse';
  // What has ended behind the one that it followed from is not worth a word.
  const silent = new Set(seen.signals.filter((one) => one.swallowed || !one.cleared).map(({ rule }) => rule));
  if (told.rules.some((rule) => !silent.has(rule))) return 'part-cleared';
  if (news.some(({ rule }) => !told.rules.includes(rule))) return 'joined';
  return worseThan(told.severity, severityOf(fires, told.severity)) ? 'better' : 'unchanged';
}

/** What is said of it when this is told. */
export function toldOf(incident: Incident, aloud: ReadonlySet<string>): Told {
  const { state, severity, told } = incident;
  const said = active(incident).filter(({ rule }) => aloud.has(rule) || told?.rules.includes(rule) === true);
  return { state, severity: severityOf(said, severity), rules: said.map(({ rule }) => rule) };
}

/** What follows from the turn for the record itself, told or not. */
export function settled(seen: Incident, turn: Turn, now: number): Incident {
  const signals = ordered(seen.signals);
  const severity = severityOf(signals, seen.severity);
  const worst = worseThan(severity, seen.worst) ? severity : seen.worst;
  const after: Incident = { ...seen, signals, severity, worst };
  if (turn === 'cleared') {
    const [last] = signals.toSorted((a, b) => (b.cleared?.at ?? 0) - (a.cleared?.at ?? 0));
    const because = last?.cleared?.because ?? 'it is well again';
    return { ...after, state: 'resolved', resolved: { at: now, because } };
  }
  // That it fires again may be held back for a while: it begins anew once.
  if (turn !== 'worse' && !(turn === 'again' && seen.state === 'resolved')) return after;
  const { resolved: _resolved, acknowledged: _acknowledged, escalatedAt: _escalatedAt, ...anew } = after;
  return { ...anew, state: 'firing', remindedAt: [] };
}

/** What the root message shows is not how it is. */
export function isOutdated({ before, after, held }: Change, { now, quiet }: Circumstances): boolean {
  if (!before) return false;
  if (shapeOf(before) !== shapeOf(after)) return true;
  const quietNow = held === 'window' || held === 'own-operation' ? quiet?.text : undefined;
  if (held !== 'blind' && before.quiet !== quietNow) return true;
  if ((held === 'muted') !== (before.mute !== undefined)) return true;
  const moved = JSON.stringify(before.signals) !== JSON.stringify(after.signals);
  return moved && now - before.changedAt >= REFRESH_MS;
}

/** What the root shows but for its numbers. */
export function shapeOf({ state, signals }: Incident): string {
  const shown = ordered(signals).map(({ rule, severity, cleared }) => [
    rule,
    severity,
    cleared !== undefined,
  ]);
  return JSON.stringify([state, shown]);
}
