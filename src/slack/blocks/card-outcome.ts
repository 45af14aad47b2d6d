import type { KnownBlock } from '@slack/types';
import type { Gauge, Operation, Review, ReraiseWatch } from '../../domain/operation.js';
import type { Plan } from '../../domain/plan.js';
import { bytes, duration, hexId, percent } from '../../domain/units.js';
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
  const pauses = pauseLines(operation);
  const proofs = [...probeLines(operation), ...podLines(operation)];
  const lines = [...sizes, ...alarms, ...proofs, ...pauses, ...totalLines(operation)];
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

export function reviewLine(review: Review): string {
  const { by, at, viaGroup, reason, standstillConfirmed, outsideWindow } = review;
  const via = viaGroup === undefined ? '' : ' by right of a group';
  const stands = standstillConfirmed === true ? ', standstill confirmed' : '';
  const outside = outsideWindow === true ? ', may start outside the windows' : '';
  const why = reason === undefined || reason === '' ? '' : `: ${escape(reason)}`;
  return `${reviewWords(review)} by ${person(by.userId)}${via}, ${moment(at)}${stands}${outside}${why}`;
}

function reviewWords({ verdict, emergency }: Review): string {
  if (verdict === 'deny') return 'Denied';
  return emergency === true ? `${SEVERITY_MARK.critical} *Emergency approval*` : 'Approved';
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

/** Which pods run by themselves and which were restarted, batch by batch. */
function podLines({ steps }: Operation): readonly string[] {
  const ended = steps.filter(
    ({ step, state }) => step.kind === 'restart-pods' && (state === 'done' || state === 'skipped'),
  );
  return ended.map(({ result }) => `Pods: ${prose(result ?? 'not said')}`);
}

/** What each member's defragmentation took, against what was expected of it. */
function pauseLines({ plan, steps }: Operation): readonly string[] {
  const taken = steps.flatMap(({ step, state, begunAt, endedAt }) => {
    if (step.kind !== 'defragment' || state !== 'done' || begunAt === undefined || endedAt === undefined)
      return [];
    const expected = plan.expected.pauses.find((pause) => pause.memberId === step.memberId);
    return [{ name: nameOf(plan, step.memberId), tookMs: endedAt - begunAt, expectedMs: expected?.pauseMs }];
  });
  if (taken.length === 0) return [];
  const alike = new Set(taken.map(({ expectedMs }) => expectedMs)).size === 1;
  const each = taken.slice(0, MOST_MEMBERS).map(({ name, tookMs, expectedMs }) => {
    const about = alike || expectedMs === undefined ? '' : ` (expected ${duration(expectedMs)})`;
    return `${escape(name, 40)} ${duration(tookMs)}${about}`;
  });
  const more = taken.length > MOST_MEMBERS ? [`+${String(taken.length - MOST_MEMBERS)} more`] : [];
  const expectedMs = alike ? taken[0]?.expectedMs : undefined;
  const all =
    expectedMs === undefined
      ? ''
      : `; expected about ${duration(expectedMs)}${taken.length > 1 ? ' each' : ''}`;
  return [`Stood still: ${[...each, ...more].join(', ')}${all}`];
}

function nameOf({ members }: Plan, memberId: string): string {
  return members.find(({ id }) => id === memberId)?.name ?? hexId(memberId);
}

function totalLines({ startedAt, conclusion }: Operation): readonly string[] {
  if (startedAt === undefined || conclusion === undefined) return [];
  return [`Took ${duration(Math.max(0, conclusion.at - startedAt))} in all`];
}
