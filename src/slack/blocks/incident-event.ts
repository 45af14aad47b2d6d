import type { Incident, IncidentEvent, IncidentEventKind } from '../../domain/alerting/incident.js';
import { channelName, escape, group, person, prose, withPeople } from './escape.js';
import { clusterName } from './incident.js';
import { SEVERITY_MARK } from './marks.js';
import { compose, type Message, type MessageFile } from './message.js';
import { section } from './parts.js';

const MOST_TEXT = 900;
const MOST_GROUPS = 10;

/** What changed, as one reply in the thread. */
export function incidentEventMessage(
  incident: Incident,
  event: IncidentEvent,
  picture?: MessageFile | null,
): Message {
  const mark = markOf(incident, event.kind);
  const mentioned = (event.mention ?? []).slice(0, MOST_GROUPS).map(group).join(' ');
  const words = [mark, mentioned, said(event)].filter(Boolean).join(' ');
  return compose({
    verdict: `${mark} ${event.text}`,
    headline: false,
    body: [section(words)],
    picture: picture ?? undefined,
  });
}

/** One line in another channel; the thread is where it goes on. */
export function elsewhereMessage(incident: Incident, event: IncidentEvent): Message {
  const mark = markOf(incident, event.kind);
  const where = clusterName(incident.cluster);
  const mentioned = (event.mention ?? []).slice(0, MOST_GROUPS).map(group).join(' ');
  const pointer = `Its thread is in ${channelName(incident.channel)}.`;
  const words = [mark, mentioned, `*${escape(where, 60)}*:`, said(event), pointer].filter(Boolean).join(' ');
  return compose({ verdict: `${mark} ${where}: ${event.text}`, headline: false, body: [section(words)] });
}

/** For the one who acknowledged; the thread says it to the others. */
export function acknowledgedMessage(): Message {
  const verdict = 'You are on it. Nobody is called any more, unless it gets worse.';
  return compose({ verdict, headline: false, body: [section(verdict)] });
}

/** The person is named once, as Slack shows people. */
function said({ text, by }: IncidentEvent): string {
  if (!by) return prose(text, MOST_TEXT);
  const named = withPeople(prose(text, MOST_TEXT), [by.userId]);
  return named.includes(person(by.userId)) ? named : `${named} By ${person(by.userId)}.`;
}

function markOf({ severity }: Incident, kind: IncidentEventKind): string {
  if (kind === 'resolved' || kind === 'part-cleared') return SEVERITY_MARK.ok;
  return MARK[kind] ?? SEVERITY_MARK[severity];
}

/** Those that say nothing of how bad it is. */
const MARK: Readonly<Partial<Record<IncidentEventKind, string>>> = {
  acknowledged: '👤',
  muted: '🔕',
  unmuted: '🔔',
  reminder: '⏰',
  escalated: '📣',
  flapping: '🔁',
};
