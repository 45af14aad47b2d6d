import alarmNospace from '../../src/checks/alarm-nospace.js';
import calicoControllers from '../../src/checks/calico-controllers.js';
import calicoNode from '../../src/checks/calico-node.js';
import cronJobChurn from '../../src/checks/cron-job-churn.js';
import etcdFlags from '../../src/checks/etcd-flags.js';
import nodeTrouble from '../../src/checks/node-trouble.js';
import podsHanging from '../../src/checks/pods-hanging.js';
import type { Answer } from '../../src/domain/answer.js';
import { unknown } from '../../src/domain/fact.js';
import type { FactName, FactValues, Snapshot } from '../../src/domain/snapshot.js';
import { runChecks } from '../../src/engine/run-checks.js';
import { diagnosisMessage } from '../../src/slack/blocks/diagnosis.js';
import type { Message } from '../../src/slack/blocks/message.js';
import { podsMessage } from '../../src/slack/blocks/pods.js';
import { DAY, full, healthy, MINUTE, NOW, withFact } from '../facts.js';
import * as k8s from '../kubernetes-facts.js';
import { examined } from './answers.js';

const CHECKS = new Map(
  Object.entries({
    'pods-hanging': podsHanging,
    'node-trouble': nodeTrouble,
    'calico-node': calicoNode,
    'calico-controllers': calicoControllers,
    'alarm-nospace': alarmNospace,
    'cron-job-churn': cronJobChurn,
    'etcd-flags': etcdFlags,
  }),
);

const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What the real checks say of it. */
export function judged(snapshot: Snapshot, verb: string): Answer {
  const asked = Object.keys(snapshot.facts) as FactName[];
  return examined(snapshot, runChecks(CHECKS, { snapshot, asked }, LOG), verb);
}

const CRON_JOBS: FactValues['cron-jobs'] = [
  ['report', 360] as const,
  ['cleanup', 300] as const,
  ['sync', 240] as const,
].map(([name, podsPerHour]) => ({
  ...{ namespace: 'batch', name, schedule: '* * * * *', suspended: false },
  ...{ podsPerHour, basis: 'counted' as const },
}));

/** The incident, as Kubernetes shows it. */
export function incident(changes: Partial<FactValues> = {}): Snapshot {
  const image = k8s.many(2, { cause: 'image', words: 'ImagePullBackOff: Back-off pulling image' });
  const snapshot = k8s.withKubernetes(full(healthy()), {
    pods: k8s.hangingPods([...k8s.many(12), ...image.map((one) => ({ ...one, name: `old-${one.name}` }))]),
    'calico-parts': {
      node: k8s.calicoNode(),
      controllers: k8s.controllers({ env: { COMPACTION_PERIOD: '0' } }),
    },
    'cron-jobs': CRON_JOBS,
    'etcd-pods': [k8s.etcdPod({ flags: { 'snapshot-count': '10000' } })],
    ...changes,
  });
  return { ...snapshot, past: { fullSince: NOW - 35 * MINUTE, compactedAt: NOW - 3 * DAY } };
}

/** Mended, and some have not noticed yet. */
function mended(): Snapshot {
  const snapshot = k8s.withKubernetes(healthy(), { pods: k8s.hangingPods(k8s.many(3)) });
  return { ...snapshot, past: { fullSince: null, fullUntil: NOW - 4 * MINUTE, compactedAt: null } };
}

function blind(): Snapshot {
  const denied = (what: string) => unknown('denied', `Our role may not list ${what} at 10.0.0.9:6443.`, NOW);
  const hanging = k8s.many(3, { cause: 'unknown', confidence: 'likely', words: null });
  const pods = k8s.hangingPods(hanging, { withEvents: false, blindBecause: 'Our role may not list events.' });
  return withFact(
    withFact(incident({ pods }), 'cron-jobs', denied('cronjobs.batch')),
    'nodes',
    denied('nodes'),
  );
}

/** Nothing of Kubernetes is read, each fact having waited in vain for as long as it may. */
function silent(snapshot: Snapshot): Snapshot {
  const facts = ['nodes', 'pods', 'calico-parts', 'cron-jobs', 'etcd-pods'] as const;
  return facts.reduce((told, name) => {
    const waited = name === 'nodes' ? 2000 : 4000;
    const reason = `10.0.0.9:6443 gave no answer within ${String(waited)} ms.`;
    return withFact(told, name, unknown('timeout', reason, NOW));
  }, snapshot);
}

export function manyHanging(): Snapshot {
  const each = k8s.many(50);
  return incident({ pods: k8s.hangingPods(each, { counts: { 'address-refused': 900 } }) });
}

export function kubernetesMessages(): Record<string, Message> {
  const other = k8s.hangingPods([
    ...k8s.many(1, { cause: 'image', words: 'ImagePullBackOff: Back-off pulling image' }),
    ...k8s.many(1, {
      cause: 'scheduling',
      node: null,
      words: '0/3 nodes are available: 3 Insufficient cpu.',
    }),
  ]);
  const denied = unknown('denied', 'Our role may not list pods at 10.0.0.9:6443.', NOW);
  const pods = (snapshot: Snapshot): Message => podsMessage(judged(snapshot, 'pods'));
  return {
    'pods-full': pods(incident()),
    'pods-many': pods(manyHanging()),
    'pods-other': pods(k8s.withKubernetes(healthy(), { pods: other })),
    'pods-mended': pods(mended()),
    'pods-blind': pods(blind()),
    'pods-none': pods(k8s.withKubernetes(healthy())),
    'pods-none-yet': pods(k8s.withKubernetes(full(healthy()))),
    'pods-denied': pods(withFact(k8s.withKubernetes(healthy()), 'pods', denied)),
    'pods-no-kubernetes': pods(healthy()),
    'diagnosis-pods-full': diagnosisMessage(judged(incident(), 'diagnose')),
    'diagnosis-pods-silent': diagnosisMessage(judged(silent(healthy()), 'diagnose')),
    'diagnosis-pods-mended': diagnosisMessage(judged(mended(), 'diagnose')),
  };
}
