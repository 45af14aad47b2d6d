import type { Message } from '../../src/slack/blocks/message.js';
import { alarmsMessage } from '../../src/slack/blocks/alarms.js';
import { operationCard } from '../../src/slack/blocks/card.js';
import { clustersMessage } from '../../src/slack/blocks/clusters.js';
import { detailsMessage } from '../../src/slack/blocks/details.js';
import { diagnosisMessage } from '../../src/slack/blocks/diagnosis.js';
import { helpForVerb, helpMessage, type HelpEntry } from '../../src/slack/blocks/help.js';
import { membersMessage } from '../../src/slack/blocks/members.js';
import { operationsMessage } from '../../src/slack/blocks/operations.js';
import { mishapMessage, refusalMessage, unreachableMessage } from '../../src/slack/blocks/refusal.js';
import { statusMessage } from '../../src/slack/blocks/status.js';
import { stepReply } from '../../src/slack/blocks/step-reply.js';
import { unknown } from '../../src/domain/fact.js';
import { MINUTE, NOW, full, healthy, withFact } from '../facts.js';
import { everyState, failedFix, fixAt, pendingFix, succeededFix } from '../operations.js';
import { FULL, HEALTHY, UNREACHABLE, answer, examined, fullFindings, okFindings } from './answers.js';

/** One of every message that the bot can post, by a name for it. */
export function everyMessage(): Readonly<Record<string, Message>> {
  return { ...answers(), ...lists(), ...cards(), ...words() };
}

function answers(): Record<string, Message> {
  const blind = withFact(healthy(), 'alarms', unknown('timeout', 'no answer within 1.5 s', NOW));
  return {
    'status-healthy': statusMessage(HEALTHY()),
    'status-full': statusMessage(FULL()),
    'status-unreachable': statusMessage(UNREACHABLE()),
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
  const states = Object.entries(everyState());
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
];
