import type { Answer } from '../../domain/answer.js';
import type { Mute } from '../../domain/alerting/incident.js';
import { escape, person } from './escape.js';
import { clusterName } from './incident.js';
import { muteLine, ruleName } from './incidents.js';
import { compose, type Message } from './message.js';
import { section, sections } from './parts.js';
import { otherMessage } from './refusal.js';

/** Alerts are muted until a time, or told again. */
export function mutedMessage(answer: Answer): Message {
  const { body, question } = answer;
  if (body.kind !== 'muted') return otherMessage(answer);
  const { cluster, rule, mute, lifted } = body;
  const what = `${rule === '*' ? 'Every alert' : rule} of ${clusterName(cluster)}`;
  if (mute)
    return compose({
      verdict: `🔕 ${what} is muted`,
      body: [
        section(muteLine(mute)),
        section('What ends is still told, and `/etcd incidents` shows what fires meanwhile.'),
      ],
    });
  return compose({
    verdict: lifted.length === 0 ? `🔔 ${what} was not muted` : `🔔 ${what} is told again`,
    body: [
      ...(lifted.length === 0 ? [section('`/etcd incidents` lists what is muted.')] : []),
      ...(lifted.length === 0
        ? []
        : sections([`By ${person(question.asker.userId)}.`, ...lifted.map(liftedLine)])),
    ],
  });
}

function liftedLine({ rule, by, reason }: Mute): string {
  const why = reason === '' ? '' : `: ${escape(reason, 200)}`;
  return `•  ${ruleName(rule)} was muted by ${person(by.userId)}${why}`;
}
