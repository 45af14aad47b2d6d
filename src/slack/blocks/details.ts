import type { KnownBlock } from '@slack/types';
import { podsIn } from '../../domain/kubernetes/pods-moved.js';
import { podName } from '../../domain/kubernetes/still-hanging.js';
import type { Operation, StepRecord } from '../../domain/operation.js';
import type { Plan } from '../../domain/plan.js';
import { duration, hexId } from '../../domain/units.js';
import { reviewLine } from './card-outcome.js';
import { stepLine } from './card-steps.js';
import { escape, prose } from './escape.js';
import { compose, type Message } from './message.js';
import { sections } from './parts.js';
import { memberEffectLines } from './plan-effect.js';
import { code, span } from './table.js';
import { clockSeconds, moment } from './time.js';

/** What an approver or an auditor wants to see beyond the card: hash, journal, lines for a terminal. */
export function detailsMessage(operation: Operation): Message {
  const { plan } = operation;
  return compose({
    verdict: `Details: ${plan.title}`,
    body: [
      ...sections(identity(operation)),
      ...titled('Expected', memberEffectLines(plan)),
      ...titled('Pods that may be restarted', podsOf(plan)),
      ...titled('Reviews', operation.reviews.map(reviewLine)),
      ...titled('Journal', operation.steps.flatMap(journalLines)),
      ...titled(
        'By hand',
        plan.byHand.map((line) => span(escape(line, 1000))),
      ),
      ...titled(
        'To keep it from coming back',
        plan.prevention.map((line) => prose(line)),
      ),
    ],
  });
}

function identity({ plan, planHash, createdAt, id, reason = '' }: Operation): readonly string[] {
  const age = duration(Math.max(0, createdAt - plan.factsAt));
  return [
    `Operation ${code(escape(id, 80))}`,
    `Plan ${code(escape(planHash.slice(0, 12)))} by runbook ${code(escape(plan.runbook, 60))}`,
    `Cluster ${code(escape(plan.cluster, 60))}, id ${code(hexId(plan.clusterId))}`,
    `Proposed ${moment(createdAt)}, on facts that were ${age} old`,
    ...(reason === '' ? [] : [`Why: ${escape(reason, 500)}`]),
  ];
}

function podsOf(plan: Plan): readonly string[] {
  return podsIn(plan).map((pod) => code(escape(podName(pod), 120)));
}

function titled(title: string, lines: readonly string[]): readonly KnownBlock[] {
  return lines.length === 0 ? [] : sections([`*${title}*`, ...lines]);
}

/** A step with what was written down before the act, to prove its effect afterwards. */
function journalLines(record: StepRecord): readonly string[] {
  const { begunAt, result, state } = record;
  const at = begunAt === undefined ? '' : ` · ${clockSeconds(begunAt)}`;
  const evidence = Object.entries(record.evidence ?? {}).map(([name, value]) =>
    code(`${escape(name, 60)}: ${escape(String(value), 120)}`),
  );
  const found = result !== undefined && (state === 'done' || state === 'failed') ? [prose(result)] : [];
  return [
    `${stepLine(record)}${at}`,
    ...(evidence.length > 0 ? [`before: ${evidence.join(' ')}`] : []),
    ...found,
  ];
}
