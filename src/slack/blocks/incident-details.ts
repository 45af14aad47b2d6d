import type { Incident, Signal } from '../../domain/alerting/incident.js';
import { escape, person, prose } from './escape.js';
import { headline, signalLine } from './incident.js';
import { compose, type Message } from './message.js';
import { context, section, sections } from './parts.js';
import { code } from './table.js';
import { moment } from './time.js';

const MOST_EVENTS = 30;

/** All that is known of an incident: each signal with its readings, and what happened since. */
export function incidentDetails(incident: Incident): Message {
  const { signals, events, id, cause, operationId } = incident;
  const shown = events.slice(-MOST_EVENTS);
  const ids = [
    `incident ${code(escape(id, 60))}`,
    `cause ${code(escape(cause, 60))}`,
    ...(operationId === undefined ? [] : [`operation ${code(escape(operationId, 60))}`]),
  ];
  return compose({
    verdict: headline(incident),
    body: [
      ...signals.map((signal) => section(signalText(signal))),
      ...(shown.length === 0 ? [] : [section('*What happened*')]),
      ...sections(
        shown.map(({ at, text, by }) => {
          const who = by ? ` (${person(by.userId)})` : '';
          return `${moment(at)}  ${prose(text)}${who}`;
        }),
      ),
    ],
    tail: [context(ids.join(' · '))],
  });
}

function signalText(signal: Signal): string {
  const { rule, since, means, advice, evidence, cleared } = signal;
  return [
    signalLine(signal),
    `${code(escape(rule, 60))} since ${moment(since)}${cleared ? `, until ${moment(cleared.at)}` : ''}`,
    prose(means),
    ...evidence.map((line) => `•  ${prose(line)}`),
    ...(cleared ? [] : [`→ ${prose(advice)}`]),
  ].join('\n');
}
