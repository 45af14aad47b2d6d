import type { KnownBlock } from '@slack/types';
import type { Operation } from '../../domain/operation.js';
import type { ByteRange, MemberPause, Plan } from '../../domain/plan.js';
import { bytes, duration } from '../../domain/units.js';
import { plannedLines } from './card-steps.js';
import { escape, group, oneLine, person, prose } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
import type { MessageFile } from './message.js';
import { context, section, sections } from './parts.js';
import { span } from './table.js';
import { moment } from './time.js';

/** Above this the lines for the terminal push the buttons off a phone's screen. */
const SHORT_BY_HAND = 400;

const MOST_NAMED = 7;

/** What an approver has to know: acts in their order, effect, risks. */
export function planBlocks({ plan }: Operation): readonly KnownBlock[] {
  const standstill = plan.standstill === null ? [] : [section(standstillText(plan.standstill))];
  return [
    ...standstill,
    ...sections(['*What will happen*', ...plannedLines(plan.steps)]),
    ...effectBlocks(plan),
    ...riskBlocks(plan),
  ];
}

/** Who may decide, and who asked. */
export function approvalLines({ policy, proposer, reason, createdAt }: Operation): string {
  const may = [...policy.approvers.users.map(person), ...policy.approvers.groups.map(group)];
  const named = may.slice(0, MOST_NAMED).join(', ');
  const more = may.length > MOST_NAMED ? ` and ${String(may.length - MOST_NAMED)} more` : '';
  const self = policy.selfApproval ? '' : ', not whoever proposed it';
  const why = reason === undefined || reason === '' ? '' : `: ${escape(reason)}`;
  return [
    `${named}${more} may approve${self}`,
    `Proposed by ${person(proposer.userId)} ${moment(createdAt)}${why}`,
  ].join('\n');
}

export function byHandBlocks(plan: Plan): readonly KnownBlock[] {
  if (plan.byHand.length === 0) return [];
  if (!isShort(plan.byHand)) return [context('By hand: the etcdctl lines are in the file.')];
  return [context(['By hand', ...plan.byHand.map((line) => span(escape(line, 1000)))].join('\n'))];
}

/** All steps and the lines for a terminal, where they are too long for the card. */
export function planFile(plan: Plan): MessageFile | undefined {
  const lines = plannedLines(plan.steps).length;
  if (isShort(plan.byHand) && lines >= plan.steps.length) return undefined;
  const steps = plan.steps.map((step, index) => `# ${String(index + 1)}  ${oneLine(step.label)}`);
  const content = ['# The plan', ...steps, '', '# By hand', ...plan.byHand.map(oneLine), ''].join('\n');
  return { name: 'plan.txt', title: `Plan: ${oneLine(plan.title)}`, content };
}

function effectBlocks({ expected, standstill }: Plan): readonly KnownBlock[] {
  const { bytesBack, pauses } = expected;
  const back =
    bytesBack.highBytes > 0 ? [`*Gives back* ${range(bytesBack)} in all: ${prose(bytesBack.basis)}`] : [];
  const inTurn = pauses.length > 1 && standstill === null ? ', one after the other' : '';
  const pause = pauses.length > 0 ? [`*Pauses* ${pausesText(pauses)}${inTurn}`] : [];
  const lines = [...back, ...pause];
  return lines.length === 0 ? [] : [section(lines.join('\n'))];
}

function riskBlocks({ risks, backup }: Plan): readonly KnownBlock[] {
  const none = backup
    ? undefined
    : (risks.find(isNoBackup) ?? 'No backup is configured: there is no way back.');
  const lines = [
    ...(none === undefined ? [] : [`${SEVERITY_MARK.warning} *${prose(none)}*`]),
    ...risks.filter((risk) => !isNoBackup(risk)).map((risk) => `•  ${prose(risk)}`),
  ];
  return lines.length === 0 ? [] : sections(['*Risks*', ...lines]);
}

/** A runbook may say it in its own words. */
function isNoBackup(risk: string): boolean {
  return risk.startsWith('No backup is configured');
}

/** The sentence to confirm, as it begins a line. */
export function standstillText(sentence: string): string {
  const text = prose(sentence);
  return `${SEVERITY_MARK.warning} *${text.charAt(0).toUpperCase()}${text.slice(1)}*`;
}

function range({ lowBytes, highBytes }: ByteRange): string {
  const [low, high] = [bytes(lowBytes), bytes(highBytes)];
  return low === high ? `about ${low}` : `${low} to ${high}`;
}

function pausesText(pauses: readonly MemberPause[]): string {
  const longest = Math.max(...pauses.map((pause) => pause.pauseMs));
  const alike = pauses.every((pause) => pause.pauseMs === longest);
  if (pauses.length > 1 && alike) return `each member about ${duration(longest)}`;
  if (pauses.length > MOST_NAMED)
    return `each of ${String(pauses.length)} members up to ${duration(longest)}`;
  return pauses.map(({ name, pauseMs }) => `${escape(name, 40)} about ${duration(pauseMs)}`).join(', ');
}

function isShort(lines: readonly string[]): boolean {
  return lines.join('\n').length <= SHORT_BY_HAND;
}
