import { bare } from '../sentence.js';
import { duration } from '../units.js';
import type { Turn } from './decide.js';
import type { Incident, Signal, Told } from './incident.js';
import { active, ordered } from './signals.js';

/** What has changed, one sentence for the thread. */
export function turnText(turn: Turn, after: Incident, told: Told | undefined): string {
  const [worst] = ordered(active(after));
  switch (turn) {
    case 'again':
      return `It fires again. ${said(worst)}`;
    case 'worse':
      return `Now ${after.severity}. ${said(worst)}`;
    case 'better':
      return `Now only ${after.severity === 'info' ? 'for information' : `a ${after.severity}`}. ${said(worst)}`;
    case 'part-cleared':
      return endedText(told, after);
    case 'cleared':
      return resolvedText(after);
    case 'joined':
      return joinedText(told, after);
    default:
      return said(worst);
  }
}

function said(signal: Signal | undefined): string {
  return signal ? `${signal.title}: ${bare(signal.summary)}.` : '';
}

function joinedText(told: Told | undefined, after: Incident): string {
  const added = active(after).filter(
    ({ rule, swallowed }) => swallowed !== true && told?.rules.includes(rule) !== true,
  );
  return added.map(({ title, summary }) => `${title} joined: ${bare(summary)}.`).join(' ');
}

function endedText(told: Told | undefined, after: Incident): string {
  const ended = after.signals.filter(
    ({ rule, cleared }) => cleared !== undefined && told?.rules.includes(rule) === true,
  );
  const [worst] = ordered(active(after));
  const over = ended.map(({ title, cleared }) => `${title} is over: ${bare(cleared?.because ?? '')}.`);
  return `${over.join(' ')} Still: ${said(worst)}`;
}

export function resolvedText({ since, resolved, signals }: Incident): string {
  const at = resolved?.at ?? since;
  const because = resolved?.because ?? signals.find(({ cleared }) => cleared)?.cleared?.because ?? '';
  return `Resolved after ${duration(Math.max(1000, at - since))}: ${bare(because)}.`;
}

export function reminderText(incident: Incident, now: number): string {
  const [worst] = ordered(active(incident));
  const who = incident.acknowledged ? '' : ' Nobody has acknowledged it.';
  return `Still firing after ${duration(now - incident.since)}.${who} ${said(worst)}`;
}

export function escalatedText(incident: Incident, now: number): string {
  const [worst] = ordered(active(incident));
  return `Nobody has acknowledged this for ${duration(now - incident.openedAt)}. ${said(worst)}`;
}
