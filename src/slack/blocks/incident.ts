import type { KnownBlock } from '@slack/types';
import type { Incident, Signal } from '../../domain/alerting/incident.js';
import { SEVERITIES } from '../../domain/finding.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import { bare } from '../../domain/sentence.js';
import { duration } from '../../domain/units.js';
import { escape, person, prose } from './escape.js';
import { incidentButtons } from './incident-buttons.js';
import { SEVERITY_MARK } from './marks.js';
import { compose, type Message, type MessageFile } from './message.js';
import { context, section, sections } from './parts.js';
import { code } from './table.js';
import { moment } from './time.js';

const MOST_EVIDENCE = 6;
const MOST_SIGNALS = 8;

/** The root of an incident's thread, always as it stands now. `picture` goes into the thread when it is posted. */
export function incidentMessage(incident: Incident, picture?: MessageFile | null): Message {
  const worst = worstOf(incident);
  const over = incident.state === 'resolved';
  return compose({
    verdict: headline(incident),
    body: [
      section(over ? endedText(incident) : sinceText(incident)),
      ...(over || !worst ? [] : troubleBlocks(incident, worst)),
      ...sections(otherSignals(incident, worst)),
      ...sections(standing(incident)),
    ],
    tail: [context(aboutText(incident)), incidentButtons(incident)],
    picture: picture ?? undefined,
  });
}

/** Raw text, one line: mark, state, cluster, and what is wrong. */
export function headline(incident: Incident): string {
  const worst = worstOf(incident);
  const where = clusterName(incident.cluster);
  if (incident.state === 'resolved')
    return `${SEVERITY_MARK.ok} Resolved · ${where}: ${worst?.title ?? incident.cause}`;
  const state = { critical: 'Critical', warning: 'Warning', info: 'Info' }[incident.severity];
  return `${SEVERITY_MARK[incident.severity]} ${state} · ${where}: ${worst ? bare(worst.summary) : incident.cause}`;
}

export function clusterName(cluster: string): string {
  return cluster === ALL_CLUSTERS ? 'all clusters' : cluster;
}

/** What fires and is worst; of an incident that has ended, what it came to: the last of the most severe. */
export function worstOf({ signals }: Incident): Signal | undefined {
  const weight = ({ severity }: Signal): number => SEVERITIES.indexOf(severity);
  const ended = signals.toSorted((a, b) => weight(a) - weight(b) || b.since - a.since);
  return signals.find(({ cleared }) => cleared === undefined) ?? ended[0];
}

function sinceText({ since, openedAt }: Incident): string {
  const told = openedAt - since >= 60_000 ? `, told ${moment(openedAt)}` : '';
  return `Since ${moment(since)}${told}.`;
}

function endedText({ since, resolved, changedAt }: Incident): string {
  const at = resolved?.at ?? changedAt;
  const because = resolved ? ` ${prose(`It ended: ${bare(resolved.because)}.`)}` : '';
  return `It fired for *${duration(Math.max(0, at - since))}*, from ${moment(since)} to ${moment(at)}.${because}`;
}

function troubleBlocks(incident: Incident, worst: Signal): readonly KnownBlock[] {
  const evidence = worst.evidence.slice(0, MOST_EVIDENCE).map((line) => `•  ${prose(line)}`);
  return [
    ...sections([
      `*${prose(worst.title, 120)}.* ${prose(`${bare(worst.means)}.`)}`,
      ...evidence,
      ...pictureLines(incident),
    ]),
    section(`*What to do*\n${prose(`${bare(worst.advice)}.`)}`),
  ];
}

/** The forecast in words stands above already where it is what fires. */
function pictureLines({ picture, signals }: Incident): readonly string[] {
  if (!picture) return [];
  const told = signals.some(({ rule, cleared }) => rule === 'quota-forecast' && cleared === undefined);
  const spark = picture.spark === '' ? '' : code(escape(picture.spark, 120));
  const forecast = picture.forecast === null || told ? '' : prose(picture.forecast);
  const line = [spark, forecast].filter(Boolean).join(' ');
  return line === '' ? [] : [line];
}

/** One line each; the worst has its own words above, and what follows from it is left to the details. */
function otherSignals({ signals, state }: Incident, worst: Signal | undefined): readonly string[] {
  const others =
    state === 'resolved' ? signals : signals.filter((one) => one !== worst && one.swallowed !== true);
  if (state === 'resolved' && signals.length < 2) return [];
  const more = others.length - MOST_SIGNALS;
  return [
    ...others.slice(0, MOST_SIGNALS).map(signalLine),
    ...(more > 0 ? [`+${String(more)} more: *Details* shows them.`] : []),
  ];
}

export function signalLine({ title, severity, summary, cleared }: Signal): string {
  const name = `*${prose(title, 120)}*`;
  return cleared
    ? `${SEVERITY_MARK.ok} ${name} is over: ${prose(cleared.because)}`
    : `${SEVERITY_MARK[severity]} ${name}: ${prose(summary)}`;
}

/** Who looks at it, and what is told of it. */
function standing({ acknowledged, mute, quiet, flapping, state }: Incident): readonly string[] {
  if (state === 'resolved') return [];
  const why = mute && mute.reason !== '' ? `: ${escape(mute.reason, 200)}` : '';
  return [
    ...(acknowledged
      ? [`👤 ${person(acknowledged.by.userId)} is on it, since ${moment(acknowledged.at)}.`]
      : []),
    ...(mute ? [`🔕 Muted by ${person(mute.by.userId)} until ${moment(mute.until)}${why}`] : []),
    ...(quiet === undefined ? [] : [`🔕 Quiet for now: ${prose(quiet, 200)}.`]),
    ...(flapping === true ? ['It comes and goes: I wait longer before I call it over.'] : []),
  ];
}

function aboutText({ environment, id, state, worst, severity }: Incident): string {
  return [
    ...(environment === null ? [] : [escape(environment, 60)]),
    ...(worst !== severity && state === 'firing' ? [`it was ${worst} before`] : []),
    `incident ${code(escape(id, 60))}`,
  ].join(' · ');
}
