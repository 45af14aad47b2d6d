import { describe, expect, test } from '@jest/globals';
import { hangingPod, hangingPods, many } from '../../kubernetes-facts.js';
import type { HangingPod } from '../../../src/domain/kubernetes/facts.js';
import type { Operation, StepRecord } from '../../../src/domain/operation.js';
import type { Plan } from '../../../src/domain/plan.js';
import type { Runbook } from '../../../src/domain/runbook.js';
import fix from '../../../src/runbooks/fix.js';
import restartPods from '../../../src/runbooks/restart-pods.js';
import { operationCard } from '../../../src/slack/blocks/card.js';
import { detailsMessage } from '../../../src/slack/blocks/details.js';
import { stepReply } from '../../../src/slack/blocks/step-reply.js';
import type { Message } from '../../../src/slack/blocks/message.js';
import { full, healthy, MINUTE, NOW, read, withFact } from '../../facts.js';
import { expectGolden } from '../../golden.js';
import { approvedFix, pendingFix } from '../../operations.js';
import { planned } from '../../runbooks/planning.js';
import { violations } from '../limits.js';

const BARE = hangingPod({ name: 'bare', owner: null });
const SETTING = {
  kubernetes: { kubeconfig: '/etc/steward/kubeconfig', context: 'prod', patienceMs: 180_000 },
};

function planOf(runbook: Runbook, pods: readonly HangingPod[]): Plan {
  const snapshot = runbook === fix ? full(healthy()) : healthy();
  return planned(runbook, withFact(snapshot, 'pods', read(hangingPods(pods))), SETTING);
}

/** Running, with the first batch of the plan in this state and all before it done. */
function running(plan: Plan, first: Partial<StepRecord>): Operation {
  const at = plan.steps.findIndex(({ kind }) => kind === 'restart-pods');
  const times = { begunAt: NOW, endedAt: NOW + 4000 };
  const steps = plan.steps.map((step, index): StepRecord => {
    if (index < at) return { step, state: 'done', ...times };
    return { step, state: 'planned', ...(index === at && first) };
  });
  return { ...approvedFix(), plan, steps, state: 'running', startedAt: NOW };
}

const WAITS = 'waits: the kubelets try again by themselves: 4 of 7 run by now';

function ended(): Operation {
  const operation = running(planOf(fix, many(7)), {});
  const [state, times] = ['done' as const, { begunAt: NOW, endedAt: NOW + 9000 }];
  const results: Readonly<Record<string, string>> = {
    s9: '1 pod restarted (shop/web-3); 4 pods run by themselves (shop/web-1, shop/web-2, shop/web-4, shop/web-5)',
    s10: '1 pod restarted (shop/web-7); 1 pod runs by itself (shop/web-6)',
    s8: 'a write went through and was read back',
  };
  return {
    ...operation,
    state: 'succeeded',
    steps: operation.steps.map(({ step }) => ({ step, state, ...times, result: results[step.id] })),
    conclusion: {
      at: NOW + 5 * MINUTE,
      summary: 'Writes go through again; 7 of 7 pods run with an address (5 by themselves, 2 restarted).',
      next: [],
    },
  };
}

const MESSAGES: Readonly<Record<string, () => Message>> = {
  'card-pending-fix-pods': () => operationCard(pendingFix({ plan: planOf(fix, [...many(7), BARE]) }), NOW),
  'card-pending-restart-pods': () => operationCard(pendingFix({ plan: planOf(restartPods, many(3)) }), NOW),
  'card-running-pods-wait': () =>
    operationCard(running(planOf(fix, many(7)), { waitsSince: NOW, result: WAITS }), NOW),
  'card-succeeded-fix-pods': () => operationCard(ended(), NOW),
  'details-restart-pods': () => detailsMessage(pendingFix({ plan: planOf(restartPods, many(7)) })),
  'step-done-restart-pods': () => stepReply(ended(), ended().steps.length - 1),
};

describe('The restart of pods, as it is shown', () => {
  test.each(Object.entries(MESSAGES))('%s', (name, message) => {
    expect(violations(message())).toEqual([]);
    expectGolden(`slack/blocks/golden/${name}`, message());
  });

  test('keeps Slack’s limits with fifty pods of the longest names there are, and names each in the file', () => {
    const [namespace, name] = ['n'.repeat(63), 'p'.repeat(240)];
    const pods = many(50).map((pod, index) => ({ ...pod, namespace, name: `${name}-${String(index)}` }));
    for (const runbook of [fix, restartPods]) {
      const operation = pendingFix({ plan: planOf(runbook, pods) });
      const card = operationCard(operation, NOW);
      expect(violations(card)).toEqual([]);
      expect(violations(detailsMessage(operation))).toEqual([]);
      for (const pod of pods) expect(card.file?.content).toContain(`#    ${namespace}/${pod.name}`);
    }
  });

  test('lets nobody be called by a name', () => {
    const hostile = [hangingPod({ namespace: '<!channel>', name: '*<@U9>* & co' })];
    const operation = pendingFix({ plan: planOf(restartPods, hostile) });
    for (const message of [operationCard(operation, NOW), detailsMessage(operation)]) {
      expect(violations(message)).toEqual([]);
      expect(JSON.stringify(message.blocks)).not.toMatch(/<!channel>|<@U9>/);
    }
  });
});
