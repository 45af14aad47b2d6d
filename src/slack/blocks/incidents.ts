import { ALERT_SEVERITIES } from '../../domain/alerting/rule.js';
import type { Incident, Mute } from '../../domain/alerting/incident.js';
import type { Answer } from '../../domain/answer.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import { age, duration } from '../../domain/units.js';
import { channelName, escape, person, prose } from './escape.js';
import { clusterName, worstOf } from './incident.js';
import { SEVERITY_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { section, sections } from './parts.js';
import { otherMessage } from './refusal.js';
import { span } from './table.js';
import { moment } from './time.js';

/** What fires now, worst first; what ended lately; what is muted by whom until when. */
export function incidentsMessage({ body, answeredAt, question }: Answer): Message {
  if (body.kind !== 'incidents') return otherMessage({ body, answeredAt, question });
  const open = body.incidents.filter(({ state }) => state === 'firing').toSorted(worstFirst);
  const ended = body.incidents.filter(({ state }) => state === 'resolved');
  const mutes = body.mutes.toSorted((one, other) => one.until - other.until);
  return compose({
    verdict: verdict(open),
    body: [
      ...sections(open.map((incident) => openLine(incident, answeredAt))),
      ...(open.length === 0 ? [section('Nothing fires.')] : []),
      ...(ended.length === 0 ? [] : [section('*Ended lately*'), ...sections(ended.map(endedLine))]),
      ...(mutes.length === 0 ? [] : [section('*Muted*'), ...sections(mutes.map(muteLine))]),
    ],
  });
}

function verdict(open: readonly Incident[]): string {
  const [worst] = open;
  if (!worst) return `${SEVERITY_MARK.ok} No open incident`;
  return `${SEVERITY_MARK[worst.severity]} ${String(open.length)} open ${open.length === 1 ? 'incident' : 'incidents'}`;
}

function worstFirst(one: Incident, other: Incident): number {
  const rank = ({ severity }: Incident): number => ALERT_SEVERITIES.indexOf(severity);
  return rank(one) - rank(other) || one.since - other.since;
}

function openLine(incident: Incident, now: number): string {
  const { severity, since, acknowledged, mute, quiet, untold, channel } = incident;
  const what = worstOf(incident)?.summary ?? incident.cause;
  const facts = [
    `for ${age(Math.max(0, now - since))}`,
    acknowledged ? `${person(acknowledged.by.userId)} is on it` : 'nobody is on it yet',
    ...(mute ? [`muted until ${moment(mute.until)}`] : []),
    ...(quiet === undefined ? [] : [`quiet: ${prose(quiet, 100)}`]),
    untold === true ? 'not posted' : channelName(channel),
  ];
  return `${SEVERITY_MARK[severity]} ${title(incident)}: ${prose(what, 200)}\n${facts.join(' · ')}`;
}

function endedLine(incident: Incident): string {
  const { resolved, since, changedAt } = incident;
  const at = resolved?.at ?? changedAt;
  const what = worstOf(incident)?.title ?? incident.cause;
  return `${SEVERITY_MARK.ok} ${title(incident)}: ${prose(what, 120)} · ended ${moment(at)} after ${duration(Math.max(0, at - since))}`;
}

function title({ cluster }: Incident): string {
  return `*${escape(clusterName(cluster), 60)}*`;
}

/** With the line that lifts it. */
export function muteLine({ cluster, rule, by, until, reason }: Mute): string {
  const where = cluster === ALL_CLUSTERS ? 'all' : escape(cluster, 60);
  const words = ['/etcd unmute', where, ...(rule === '*' ? [] : [escape(rule, 60)])].join(' ');
  const why = reason === '' ? '' : `: ${escape(reason, 200)}`;
  return `🔕 *${escape(clusterName(cluster), 60)}* ${ruleName(rule)} until ${moment(until)}, by ${person(by.userId)}${why}\n${span(words)} lifts it.`;
}

/** mrkdwn. */
export function ruleName(rule: string): string {
  return rule === '*' ? 'every alert' : span(escape(rule, 60));
}
