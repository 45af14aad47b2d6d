import type { Incident, IncidentEvent, IncidentEventKind } from '../domain/alerting/incident.js';
import type { ChartData } from '../domain/alerting/ports.js';
import { chartFile } from './blocks/chart-file.js';
import { elsewhereMessage, incidentEventMessage } from './blocks/incident-event.js';
import { incidentMessage } from './blocks/incident.js';
import { marked, type Message, type MessageFile } from './blocks/message.js';
import type { Wanted } from './present.js';

/**
 * The root message at its newest state, and one reply for each event after the first: the root itself tells that one. A
 * picture is drawn of `chart`; null: nothing is known that could be drawn. Where its channel does not take it, it goes to
 * the alerts channel; null: none is configured.
 */
export function presentIncident(
  incident: Incident,
  chart: ChartData | null,
  alertsChannel: string | null = null,
): readonly Wanted[] {
  if (incident.untold === true) return [];
  const picture = chart && chartFile(chart);
  const otherwise = alertsChannel === incident.channel ? undefined : (alertsChannel ?? undefined);
  return [
    { ...rootOf(incident, picture), otherwise },
    ...incident.events.flatMap((event) => (isStale(incident, event) ? [] : told(incident, event, picture))),
  ];
}

/** The markers of what an incident's pictures go with, so that nobody draws what is posted already. */
export function picturedMarkers(incident: Incident): readonly string[] {
  if (incident.untold === true) return [];
  const drawn = incident.events.filter((event) => event.chart === true && !isStale(incident, event));
  return drawn.map((event) => markerOf(incident, event));
}

/** Nobody asked for it, so nobody is told where it can't be posted. What is critical does not wait for others. */
function wantedOf(
  incident: Incident,
  wanted: Pick<Wanted, 'marker' | 'version' | 'to'>,
  message: Message,
): Wanted {
  return {
    ...wanted,
    message: marked(message, wanted.marker),
    asker: { userId: '' },
    patient: false,
    yields: incident.severity !== 'critical',
  };
}

function rootOf(incident: Incident, picture: MessageFile | null): Wanted {
  const { version, channel, events } = incident;
  const drawn = events.some((event) => event.number === 1 && event.chart === true);
  const message = incidentMessage(incident, drawn ? picture : null);
  return wantedOf(incident, { marker: rootMarker(incident), version, to: { channel } }, message);
}

function told(incident: Incident, event: IncidentEvent, picture: MessageFile | null): readonly Wanted[] {
  const root = rootMarker(incident);
  const marker = `${root}:${String(event.number)}`;
  const reply = incidentEventMessage(incident, event, event.chart === true ? picture : null);
  const to = { channel: incident.channel, root };
  return [
    ...(event.number > 1 ? [wantedOf(incident, { marker, version: 1, to }, reply)] : []),
    ...(event.alsoIn ?? []).map((channel) => {
      const elsewhere = { marker: `${marker}:${channel}`, version: 1, to: { channel } };
      return wantedOf(incident, elsewhere, elsewhereMessage(incident, event));
    }),
  ];
}

/** What asks for somebody is of no use once somebody has come, it is over, or it was said again. */
const OVERTAKEN: Readonly<Partial<Record<IncidentEventKind, readonly IncidentEventKind[]>>> = {
  reminder: ['reminder', 'escalated', 'acknowledged', 'muted', 'resolved'],
  escalated: ['escalated', 'acknowledged', 'muted', 'resolved'],
};

/** Slack did not take it in time: it would come too late to help. What is posted already stays. */
function isStale({ events }: Incident, { kind, number }: IncidentEvent): boolean {
  const after = OVERTAKEN[kind];
  return after !== undefined && events.some((later) => later.number > number && after.includes(later.kind));
}

export function rootMarker({ id }: Pick<Incident, 'id'>): string {
  return `incident:${id}`;
}

function markerOf(incident: Incident, { number }: IncidentEvent): string {
  return number === 1 ? rootMarker(incident) : `${rootMarker(incident)}:${String(number)}`;
}
