import type { KnownBlock } from '@slack/types';
import type { Gauge, Operation, Review, ReraiseWatch } from '../../domain/operation.js';
import { bytes, duration, percent } from '../../domain/units.js';
import { escape, person, prose } from './escape.js';
import { SEVERITY_MARK, STEP_MARK } from './marks.js';
import { MOST_MEMBERS } from './member-text.js';
import { sections } from './parts.js';
import { lineTable } from './table.js';
import { clock, moment } from './time.js';

/** Sizes, alarms and the write probe, before → after. */
export function changeBlocks(operation: Operation): readonly KnownBlock[] {
  const { before, after } = operation;
  const sizes = before && after ? lineTable(sizeRows(before, after)) : [];
  const alarms = before && after ? [`Alarms: ${alarmsText(before)} → ${alarmsText(after)}`] : [];
  const lines = [...sizes, ...alarms, ...probeLines(operation), ...totalLines(operation)];
  return lines.length === 0 ? [] : sections(lines);
}

export function watchLine(watch: ReraiseWatch | undefined): string | null {
  if (watch === undefined) return null;
  const note = watch.note === undefined ? '' : `: ${prose(watch.note)}`;
  if (watch.state === 'watching') return `⏳ Watching for a re-raise until ${clock(watch.until)}${note}`;
  if (watch.state === 'quiet')
    return `${SEVERITY_MARK.ok} Quiet: no alarm was raised again until ${clock(watch.until)}${note}`;
  if (watch.state === 'reraised') return `${SEVERITY_MARK.critical} *The alarm was raised again*${note}`;
  return `${SEVERITY_MARK.unknown} Alarms could not be read while watching${note}`;
}

export function reviewLine({ by, verdict, at, viaGroup, reason, standstillConfirmed }: Review): string {
  const said = verdict === 'approve' ? 'Approved' : 'Denied';
  const via = viaGroup === undefined ? '' : ' by right of a group';
  const stands = standstillConfirmed === true ? ', standstill confirmed' : '';
  const why = reason === undefined || reason === '' ? '' : `: ${escape(reason)}`;
  return `${said} by ${person(by.userId)}${via}, ${moment(at)}${stands}${why}`;
}

export function absorbedBlocks({ absorbed }: Operation): readonly KnownBlock[] {
  if (absorbed.length === 0) return [];
  return sections([
    '*Changed since the proposal, without harm*',
    ...absorbed.map((line) => `•  ${prose(line)}`),
  ]);
}

function sizeRows(before: Gauge, after: Gauge): readonly (readonly string[])[] {
  const rows = after.members.map((member) => {
    const old = before.members.find(({ id }) => id === member.id);
    const { sizeBytes, quotaBytes } = member;
    const share = sizeBytes !== null && quotaBytes ? `\u00a0${percent(sizeBytes / quotaBytes)} of quota` : '';
    return [escape(member.name, 16), size(old?.sizeBytes), '→', size(sizeBytes), share];
  });
  const more = rows.length - MOST_MEMBERS;
  return more > 0 ? [...rows.slice(0, MOST_MEMBERS), [`+${String(more)} more`]] : rows;
}

function size(sizeBytes: number | null | undefined): string {
  return sizeBytes === null || sizeBytes === undefined ? '?' : bytes(sizeBytes);
}

function alarmsText({ alarms }: Gauge): string {
  if (alarms === null) return 'not known';
  return alarms.length === 0 ? 'none' : alarms.map((alarm) => escape(alarm, 60)).join(', ');
}

function probeLines({ steps }: Operation): readonly string[] {
  const probe = steps.find(({ step }) => step.kind === 'write-probe');
  if (!probe || (probe.state !== 'done' && probe.state !== 'failed')) return [];
  return [`Write probe: ${STEP_MARK[probe.state]} ${prose(probe.result ?? probe.state)}`];
}

function totalLines({ startedAt, conclusion }: Operation): readonly string[] {
  if (startedAt === undefined || conclusion === undefined) return [];
  return [`Took ${duration(Math.max(0, conclusion.at - startedAt))} in all`];
}
