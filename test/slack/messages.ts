import type { Operation, Review } from '../../src/domain/operation.js';
import type { Message } from '../../src/slack/blocks/message.js';
import { alarmsMessage } from '../../src/slack/blocks/alarms.js';
import { approvalsMessage } from '../../src/slack/blocks/approvals.js';
import { operationCard } from '../../src/slack/blocks/card.js';
import { clustersMessage } from '../../src/slack/blocks/clusters.js';
import { decisionMessage } from '../../src/slack/blocks/decision.js';
import { detailsMessage } from '../../src/slack/blocks/details.js';
import { diagnosisMessage } from '../../src/slack/blocks/diagnosis.js';
import { emergencyMessage } from '../../src/slack/blocks/emergency.js';
import { helpForVerb, helpMessage, type HelpEntry } from '../../src/slack/blocks/help.js';
import { membersMessage } from '../../src/slack/blocks/members.js';
import { operationsMessage } from '../../src/slack/blocks/operations.js';
import { planMessage } from '../../src/slack/blocks/plan.js';
import { mishapMessage, refusalMessage, unreachableMessage } from '../../src/slack/blocks/refusal.js';
import { reminderMessage } from '../../src/slack/blocks/reminder.js';
import { statusMessage } from '../../src/slack/blocks/status.js';
import { steeredMessage } from '../../src/slack/blocks/steered.js';
import { stepReply } from '../../src/slack/blocks/step-reply.js';
import { unknown } from '../../src/domain/fact.js';
import { growing, trendWith } from '../charts.js';
import { MINUTE, NOW, full, healthy, withFact } from '../facts.js';
import {
  approvedFix,
  endedFix,
  everyState,
  failedFix,
  fixAt,
  fixPlan,
  heldStates,
  pendingFix,
  succeededFix,
  withApprovals,
} from '../operations.js';
import { calicoMessages } from './calico-messages.js';
import { outlook } from './home-content.js';
import { kubernetesMessages } from './kubernetes-answers.js';
import { FULL, HEALTHY, UNREACHABLE, answer, examined, fullFindings, okFindings } from './answers.js';

/** One of every message that the bot can post, by a name for it. */
export function everyMessage(): Readonly<Record<string, Message>> {
  return {
    ...answers(),
    ...calicoMessages(),
    ...kubernetesMessages(),
    ...plans(),
    ...lists(),
    ...cards(),
    ...asides(),
    ...words(),
  };
}

function answers(): Record<string, Message> {
  const blind = withFact(healthy(), 'alarms', unknown('timeout', 'no answer within 1.5 s', NOW));
  return {
    'status-healthy': statusMessage(HEALTHY()),
    'status-full': statusMessage(FULL()),
    'status-unreachable': statusMessage(UNREACHABLE()),
    ...trends(),
    'diagnosis-healthy': diagnosisMessage(HEALTHY()),
    'diagnosis-full': diagnosisMessage(FULL()),
    'diagnosis-unreachable': diagnosisMessage(UNREACHABLE()),
    'members-healthy': membersMessage(HEALTHY()),
    'members-unreachable': membersMessage(UNREACHABLE()),
    'alarms-none': alarmsMessage(HEALTHY()),
    'alarms-full': alarmsMessage(FULL()),
    'alarms-unknown': alarmsMessage(examined(blind, [])),
  };
}

/** What the monitor knows besides: a forecast, or only how the sizes went. */
function trends(): Record<string, Message> {
  const spark = [1.2, 1.25, 1.3, 1.36, 1.41, 1.48].map((gib) => gib * 1024 ** 3);
  const status = (forecast: Parameters<typeof trendWith>[0]): Message => {
    const { body, ...rest } = HEALTHY();
    const more = { trend: { ...trendWith(forecast), spark }, chart: growing() };
    return statusMessage({ ...rest, body: body.kind === 'examination' ? { ...body, ...more } : body });
  };
  const { picture, ...growingStatus } = status({});
  const drawn = picture && { picture: { ...picture, content: picture.content.slice(0, 40) } };
  return {
    'status-forecast': { ...growingStatus, ...drawn },
    'status-trend': withoutPicture(status(null)),
    'status-no-chart': noChart(),
  };
}

function withoutPicture({ picture: _, ...message }: Message): Message {
  return message;
}

function noChart(): Message {
  const { body, ...rest } = HEALTHY();
  const chart = { ...growing(), members: [] };
  return statusMessage({ ...rest, body: body.kind === 'examination' ? { ...body, chart } : body });
}

function plans(): Record<string, Message> {
  const { policy } = pendingFix();
  const snapshot = full(healthy());
  const paused = { scope: 'calico-prod', by: { teamId: 'T1', userId: 'U1' }, reason: 'release', at: NOW };
  const steered = (scope: string, pause: typeof paused | null, open: number) =>
    steeredMessage(
      answer({ kind: 'steered', scope, pause, open }, pause ? 'pause' : 'resume', { reason: 'release' }),
    );
  return {
    plan: planMessage(answer({ kind: 'plan', plan: fixPlan(), snapshot, policy }, 'fix')),
    'plan-refused': planMessage(answer({ kind: 'refusal', reason: 'Nothing to fix.', safe: [] }, 'fix')),
    paused: steered('calico-prod', paused, 2),
    'paused-all': steered('*', { ...paused, scope: '*' }, 0),
    resumed: steered('calico-prod', null, 1),
    'resumed-all': steered('*', null, 0),
  };
}

/** What is for one person, or in another place than the card. */
function asides(): Record<string, Message> {
  const emergency = heldStates()['succeeded-emergency'] as Operation;
  const half = withApprovals(pendingFix(), 1);
  const elsewhere = { ...pendingFix(), id: 'op-2', place: { channel: 'C0OTHER' } };
  const many = Array.from({ length: 13 }, (_, index) => ({ ...elsewhere, id: `op-${String(index)}` }));
  const cancelled = { ...endedFix('cancelled', 'Cancelled.'), cancelledBy: pendingFix().proposer };
  return {
    reminder: reminderMessage(half, NOW + 19 * MINUTE + 20_000),
    emergency: emergencyMessage(emergency, emergency.reviews[0] as Review),
    approvals: approvalsMessage({ here: [half], elsewhere: [elsewhere] }, NOW),
    'approvals-many': approvalsMessage({ here: [pendingFix()], elsewhere: many }, NOW),
    'approvals-unsure': approvalsMessage({ here: [], elsewhere: [], unsure: 2 }, NOW),
    'approvals-none': approvalsMessage({ here: [], elsewhere: [] }, NOW),
    'decision-approve': decisionMessage(half, 'approve'),
    'decision-approve-last': decisionMessage(approvedFix(), 'approve'),
    'decision-emergency': decisionMessage({ ...emergency, state: 'approved' }, 'emergency'),
    'decision-deny': decisionMessage(endedFix('denied', 'Denied.'), 'deny'),
    'decision-cancel': decisionMessage(cancelled, 'cancel'),
    'decision-stop': decisionMessage(fixAt(4), 'cancel'),
    'decision-close': decisionMessage({ ...fixAt(4), state: 'failed' }, 'cancel'),
  };
}

function lists(): Record<string, Message> {
  const summary = { aliases: [], environment: null, endpoints: 3 };
  const clusters = [
    {
      ...summary,
      name: 'kube-prod',
      sample: { snapshot: { ...healthy(), cluster: 'kube-prod' }, findings: okFindings() },
    },
    { ...summary, name: 'kube-test', environment: 'test', sample: null },
    {
      ...summary,
      name: 'calico-prod',
      aliases: ['calico'],
      environment: 'production',
      sample: { snapshot: full(healthy()), findings: fullFindings() },
      outlook: outlook('calico-prod', {
        trend: trendWith({ confidence: 'medium' }),
        incidents: [{ id: 'inc-1', severity: 'critical', title: 'NOSPACE alarm' }],
      }),
    },
  ];
  const operations = [
    succeededFix(),
    { ...failedFix(), createdAt: NOW - 600 * MINUTE },
    { ...fixAt(4), createdAt: NOW - 2 * MINUTE },
    pendingFix(),
  ];
  return {
    clusters: clustersMessage(answer({ kind: 'clusters', clusters })),
    'clusters-none': clustersMessage(answer({ kind: 'clusters', clusters: [] })),
    operations: operationsMessage(answer({ kind: 'operations', operations })),
    'operations-none': operationsMessage(answer({ kind: 'operations', operations: [] })),
  };
}

function cards(): Record<string, Message> {
  const states = Object.entries({ ...everyState(), ...heldStates() });
  return {
    ...Object.fromEntries(states.map(([name, operation]) => [`card-${name}`, operationCard(operation, NOW)])),
    'step-done': stepReply(fixAt(4), 2),
    'step-failed': stepReply(failedFix(), 4),
    details: detailsMessage(fixAt(4)),
  };
}

function words(): Record<string, Message> {
  return {
    help: helpMessage(COMMANDS),
    'help-verb': helpForVerb(COMMANDS[1] as HelpEntry),
    refusal: refusalMessage('You may look at calico-prod, not change it: only operators propose.', [
      'Ask an operator of this cluster.',
      '`/etcd diagnose calico-prod` shows what there is to know.',
    ]),
    mishap: mishapMessage('r-81f2c0'),
    unreachable: unreachableMessage('Redis'),
  };
}

const COMMANDS: readonly HelpEntry[] = [
  {
    verb: 'status',
    summary: 'How it is now: fill, members, alarms',
    usage: '/etcd status [cluster]',
    right: 'read',
    examples: ['/etcd status'],
    options: [],
  },
  {
    verb: 'diagnose',
    summary: 'What is wrong, why, and what to do',
    usage: '/etcd diagnose [cluster]',
    right: 'read',
    examples: ['/etcd diagnose calico-prod', '/etcd diagnose calico-prod --probe'],
    options: [
      { name: 'probe', summary: 'also tries one tiny write' },
      { name: 'only', value: 'CHECK', summary: 'runs one check alone' },
    ],
  },
  {
    verb: 'fix',
    summary: 'Proposes what makes room again',
    usage: '/etcd fix [cluster] [--reason TEXT]',
    right: 'propose',
    examples: [],
    options: [],
  },
  {
    verb: 'pause',
    summary: 'no change starts any more',
    usage: '/etcd pause [cluster|all]',
    right: 'steer',
    examples: [],
    options: [],
  },
];
