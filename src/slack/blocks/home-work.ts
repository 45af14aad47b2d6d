import type { KnownBlock } from '@slack/types';
import type { Incident } from '../../domain/alerting/incident.js';
import { worseThan } from '../../domain/alerting/rule.js';
import { approvalsOf, type Operation } from '../../domain/operation.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import { duration } from '../../domain/units.js';
import { listButtons } from './card-buttons.js';
import { standstillText } from './card-plan.js';
import { channelName, escape, person, prose } from './escape.js';
import { SEVERITY_MARK, STATE_MARK } from './marks.js';
import { actions, button, context, section, sections } from './parts.js';
import { moment } from './time.js';

/** More than these nobody decides in one sitting; and all that stands here has to leave room for the clusters. */
const MOST = { waiting: 6, incidents: 6, recent: 5 } as const;

/** With the buttons of the card: who presses them is asked for the same as there. */
export function approvalBlocks(waiting: readonly Operation[], now: number): readonly KnownBlock[] {
  if (waiting.length === 0) return [];
  const shown = waiting.slice(0, MOST.waiting);
  const more = waiting.length - shown.length;
  return [
    section('*Waiting for your approval*'),
    ...shown.flatMap((operation) => [section(approvalLines(operation, now)), listButtons(operation)]),
    ...(more > 0 ? [context(`+${String(more)} more: decide these first, then refresh.`)] : []),
  ];
}

function approvalLines(operation: Operation, now: number): string {
  const { plan, proposer, reason = '', approveBy, policy, place } = operation;
  const leftMs = approveBy - now;
  const count = `${String(approvalsOf(operation))} of ${String(policy.approvals)} approvals`;
  const why = reason === '' ? '' : `: ${escape(reason)}`;
  return [
    `${STATE_MARK[operation.state]} *${escape(plan.title)}*${onCluster(operation)}`,
    ...(plan.standstill === null ? [] : [standstillText(plan.standstill)]),
    `${count} · ${leftMs > 0 ? `${duration(leftMs)} left` : 'too late'} · card in ${channelName(place.channel)}`,
    `Proposed by ${person(proposer.userId)}${why}`,
  ].join('\n');
}

export function incidentBlocks(incidents: readonly Incident[], now: number): readonly KnownBlock[] {
  const open = incidents
    .filter(({ state }) => state === 'firing')
    .toSorted(
      (a, b) =>
        Number(worseThan(b.severity, a.severity)) - Number(worseThan(a.severity, b.severity)) ||
        a.since - b.since,
    );
  if (open.length === 0) return [];
  const shown = open.slice(0, MOST.incidents);
  const more = open.length - shown.length;
  return [
    section('*Open incidents*'),
    ...shown.flatMap((incident) => [section(incidentLines(incident, now)), incidentButtons(incident)]),
    ...(more > 0 ? [context(`+${String(more)} more: \`/etcd incidents\` lists them.`)] : []),
  ];
}

function incidentLines(incident: Incident, now: number): string {
  const { severity, cluster, signals, since, channel, acknowledged, mute } = incident;
  const worst = signals.find(({ cleared }) => cleared === undefined) ?? signals[0];
  const state = [
    `for ${duration(Math.max(0, now - since))}`,
    ...(acknowledged ? [`acknowledged by ${person(acknowledged.by.userId)}`] : []),
    ...(mute ? [`muted until ${moment(mute.until)}`] : []),
    `thread in ${channelName(channel)}`,
  ];
  return [
    `${SEVERITY_MARK[severity]} *${cluster === ALL_CLUSTERS ? 'All clusters' : escape(cluster, 60)}*: ${prose(worst?.title ?? incident.cause)}`,
    ...(worst ? [prose(worst.summary)] : []),
    state.join(' · '),
  ].join('\n');
}

/** Every button carries the incident's id, and nothing else. */
function incidentButtons({ id, acknowledged }: Incident): KnownBlock {
  const acknowledge = button({ action: 'incident.acknowledge', text: 'Acknowledge', value: id });
  const details = button({ action: 'incident.details', text: 'Details', value: id });
  return actions(...(acknowledged ? [] : [acknowledge]), details);
}

export function recentBlocks(recent: readonly Operation[], now: number): readonly KnownBlock[] {
  if (recent.length === 0) return [];
  const newest = recent.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, MOST.recent);
  return sections(['*Recent operations*', ...newest.map((operation) => recentLine(operation, now))]);
}

function recentLine(operation: Operation, now: number): string {
  const { plan, proposer, createdAt, state } = operation;
  const age = `${duration(Math.max(0, now - createdAt))} ago`;
  return `${STATE_MARK[state]} *${escape(plan.title)}*${onCluster(operation)} · ${state} · ${person(proposer.userId)}, ${age}`;
}

function onCluster({ plan }: Operation): string {
  return plan.title.includes(plan.cluster) ? '' : ` on ${escape(plan.cluster, 60)}`;
}
