import type { KnownBlock } from '@slack/types';
import type { Group, Policy } from '../../domain/actor.js';
import { podName } from '../../domain/kubernetes/still-hanging.js';
import type { Operation } from '../../domain/operation.js';
import type { Plan } from '../../domain/plan.js';
import { plannedLines } from './card-steps.js';
import { escape, group, oneLine, person, prose } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
import type { MessageFile } from './message.js';
import { context, section, sections } from './parts.js';
import { effectBlocks } from './plan-effect.js';
import { span } from './table.js';
import { moment } from './time.js';

/** Above this the lines for the terminal push the buttons off a phone's screen. */
const SHORT_BY_HAND = 400;

const MOST_NAMED = 7;

/** What an approver has to know: acts in their order, effect, risks; then what is done if it goes wrong. */
export function planBlocks(plan: Plan): readonly KnownBlock[] {
  const standstill = plan.standstill === null ? [] : [section(standstillText(plan.standstill))];
  const small = [plan.onFailure, plan.lastBackup].filter((line) => line !== '').map((line) => prose(line));
  return [
    ...standstill,
    ...sections(['*What will happen*', ...plannedLines(plan.steps)]),
    ...effectBlocks(plan),
    ...riskBlocks(plan),
    ...(small.length === 0 ? [] : [context(small.join('\n'))]),
  ];
}

/** Who may decide. */
export function approversLine({ policy }: Operation): string {
  const self = policy.selfApproval ? '' : ', not whoever proposed it';
  return `${namesOf(policy.approvers)} may approve${self}`;
}

export function proposalLine({ proposer, reason, createdAt }: Operation): string {
  const why = reason === undefined || reason === '' ? '' : `: ${escape(reason)}`;
  return `Proposed by ${person(proposer.userId)} ${moment(createdAt)}${why}`;
}

/** As Slack shows them, which tells each of them. */
export function namesOf({ users, groups }: Group): string {
  const all = [...users.map(person), ...groups.map(group)];
  const more = all.length > MOST_NAMED ? ` and ${String(all.length - MOST_NAMED)} more` : '';
  return `${all.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** The same in numbers: nobody is called for something that does not wait for them. */
export function approversCounted({ approvals, approvers }: Policy): string {
  const { users, groups } = approvers;
  const people =
    users.length === 0 ? [] : [`${String(users.length)} ${users.length === 1 ? 'person' : 'people'}`];
  const many = groups.length === 1 ? 'user group' : 'user groups';
  const all = groups.length === 0 ? people : [...people, `${String(groups.length)} ${many}`];
  return `${String(approvals)} ${approvals === 1 ? 'approval' : 'approvals'} from the ${all.join(' and ')} in \`policy.approvers\``;
}

export function byHandBlocks(plan: Plan): readonly KnownBlock[] {
  if (plan.byHand.length === 0) return [];
  if (!isShort(plan.byHand)) return [context(`By hand: the ${toolsOf(plan)} lines are in the file.`)];
  return [context(['By hand', ...plan.byHand.map((line) => span(escape(line, 1000)))].join('\n'))];
}

function toolsOf({ steps }: Plan): string {
  return steps.some(({ kind }) => kind === 'restart-pods') ? 'etcdctl and kubectl' : 'etcdctl';
}

/** All steps and the lines for a terminal, where they are too long for the card. */
export function planFile(plan: Plan): MessageFile | undefined {
  const lines = plannedLines(plan.steps).length;
  if (isShort(plan.byHand) && lines >= plan.steps.length) return undefined;
  const steps = plan.steps.flatMap((step, index) => [
    `# ${String(index + 1)}  ${oneLine(step.label)}`,
    ...(step.kind === 'restart-pods' ? step.pods.map((pod) => `#    ${oneLine(podName(pod))}`) : []),
  ]);
  const prevention = plan.prevention.map((line) => `# ${oneLine(line)}`);
  const content = [
    '# The plan',
    ...steps,
    '',
    '# By hand',
    ...plan.byHand.map(oneLine),
    '',
    ...(prevention.length === 0 ? [] : ['# To keep it from coming back', ...prevention, '']),
  ];
  return { name: 'plan.txt', title: `Plan: ${oneLine(plan.title)}`, content: content.join('\n') };
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

function isShort(lines: readonly string[]): boolean {
  return lines.join('\n').length <= SHORT_BY_HAND;
}
