import { describe, expect, test } from '@jest/globals';
import type { Operation, Review } from '../../../src/domain/operation.js';
import type { PlannedStep } from '../../../src/domain/plan.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import { alarmsMessage } from '../../../src/slack/blocks/alarms.js';
import { calicoMessage } from '../../../src/slack/blocks/calico.js';
import { approvalsMessage } from '../../../src/slack/blocks/approvals.js';
import { operationCard } from '../../../src/slack/blocks/card.js';
import { clustersMessage } from '../../../src/slack/blocks/clusters.js';
import { decisionMessage } from '../../../src/slack/blocks/decision.js';
import { detailsMessage } from '../../../src/slack/blocks/details.js';
import { diagnosisMessage } from '../../../src/slack/blocks/diagnosis.js';
import { emergencyMessage } from '../../../src/slack/blocks/emergency.js';
import { helpForVerb, helpMessage, type HelpEntry } from '../../../src/slack/blocks/help.js';
import { membersMessage } from '../../../src/slack/blocks/members.js';
import type { Message } from '../../../src/slack/blocks/message.js';
import { operationsMessage } from '../../../src/slack/blocks/operations.js';
import { planMessage } from '../../../src/slack/blocks/plan.js';
import { podsMessage } from '../../../src/slack/blocks/pods.js';
import { formRefused, reasonForm } from '../../../src/slack/blocks/reason-form.js';
import { refusalMessage } from '../../../src/slack/blocks/refusal.js';
import { reminderMessage } from '../../../src/slack/blocks/reminder.js';
import { reviewModal } from '../../../src/slack/blocks/review-modal.js';
import { statusMessage } from '../../../src/slack/blocks/status.js';
import { steeredMessage } from '../../../src/slack/blocks/steered.js';
import { stepReply } from '../../../src/slack/blocks/step-reply.js';
import type { Answer } from '../../../src/domain/answer.js';
import { known, unknown } from '../../../src/domain/fact.js';
import { CAUSES } from '../../../src/domain/kubernetes/words.js';
import { NOW, full, healthy, withFact, withUnreachable } from '../../facts.js';
import { hangingPods, many, withKubernetes } from '../../kubernetes-facts.js';
import { everyState, fixPlan, heldStates, pendingFix } from '../../operations.js';
import { FULL, HEALTHY, answer, examined, finding, fullFindings, okFindings } from '../answers.js';
import { calicoAnswer, manyAddresses } from '../calico-messages.js';
import { blockViolations, text, violations } from '../limits.js';

const EVIL = '<!channel> `@here` <@U9> & :red_circle: *b*\n\u202e';
const HUGE = `${EVIL}${'x'.repeat(5000)}`;

/** Nine members with hostile names; four of them of no configured endpoint. */
function nine(): Snapshot {
  const snapshot = full(healthy());
  const listed = (snapshot.facts.members?.known ? snapshot.facts.members.value : []).map((member) => ({
    ...member,
    name: `${EVIL}${member.name}`,
  }));
  const more = Array.from({ length: 6 }, (_, index) => ({
    id: String(90_000 + index),
    name: HUGE,
    clientUrls: [HUGE],
    learner: index === 5,
  }));
  const named = withFact(snapshot, 'members', known([...listed, ...more], NOW));
  return { ...withUnreachable(named, 'm3', 'unreachable', HUGE), cluster: EVIL };
}

/** Fifty pods of each cause, with names and words of somebody who means no good. */
function hostilePods(): Snapshot {
  const owner = { kind: HUGE, name: HUGE, uid: EVIL };
  const evil = { namespace: HUGE, name: HUGE, node: HUGE, words: HUGE, owner };
  const hanging = CAUSES.flatMap((cause) => many(50, { ...evil, cause }));
  const counts = Object.fromEntries(CAUSES.map((cause) => [cause, 900]));
  const pods = hangingPods(hanging, { counts, withEvents: false, blindBecause: HUGE });
  return withKubernetes(nine(), { pods });
}

/** Names that are no ids. */
const MANY = {
  users: Array.from({ length: 30 }, () => EVIL),
  groups: Array.from({ length: 30 }, () => EVIL),
};

function hostileFindings(count: number) {
  return Array.from({ length: count }, (_, index) =>
    finding(index % 2 === 0 ? 'critical' : 'unknown', {
      title: HUGE,
      summary: HUGE,
      why: HUGE,
      advice: HUGE,
      evidence: Array.from({ length: 12 }, () => HUGE),
      story: HUGE,
      check: index === 0 ? 'pods-hanging' : 'leader',
      runbook: 'fix',
    }),
  );
}

function hostileOperation(operation: Operation, count: number): Operation {
  const step = (index: number): PlannedStep => ({
    id: `s${String(index)}`,
    kind: 'move-leader',
    to: null,
    label: HUGE,
  });
  const records = Array.from({ length: count }, (_, index) => {
    const like = operation.steps[index % operation.steps.length];
    return {
      ...like,
      state: like?.state ?? 'planned',
      step: step(index),
      result: HUGE,
      evidence: { [HUGE]: HUGE },
    };
  });
  const gauge = (alarms: readonly string[]) => ({
    at: NOW,
    members: Array.from({ length: 9 }, (_, id) => ({
      id: String(id),
      name: HUGE,
      sizeBytes: 1,
      inUseBytes: null,
      quotaBytes: null,
    })),
    alarms,
    revision: null,
  });
  const byMember = Array.from({ length: 9 }, (_, index) => String(index));
  const plan = {
    ...fixPlan(),
    title: HUGE,
    cluster: EVIL,
    runbook: EVIL,
    steps: records.map((record) => record.step),
    risks: Array.from({ length: 40 }, () => HUGE),
    byHand: Array.from({ length: 200 }, () => HUGE),
    standstill: HUGE,
    backup: false,
    reaches: HUGE,
    lastBackup: HUGE,
    onFailure: HUGE,
    prevention: Array.from({ length: 40 }, () => HUGE),
    expected: {
      bytesBack: { lowBytes: 1, highBytes: 2, basis: HUGE },
      bytesByMember: byMember.map((memberId, index) => ({
        memberId,
        name: HUGE,
        lowBytes: index,
        highBytes: 9,
      })),
      pauses: byMember.map((memberId, index) => ({ memberId, name: HUGE, pauseMs: index * 1000 })),
      pauseBasis: HUGE,
    },
  };
  const policy = { ...operation.policy, approvers: MANY, outsideWindow: MANY, emergency: MANY };
  return {
    ...operation,
    plan,
    policy,
    paused: { scope: EVIL, by: { teamId: EVIL, userId: EVIL }, reason: HUGE, at: NOW },
    waits: HUGE,
    windows: [{ days: ['mon'], fromMinute: 0, toMinute: 60, zone: 'UTC' }],
    place: { channel: EVIL },
    reason: HUGE,
    steps: records,
    reviews: Array.from({ length: 30 }, () => ({
      by: { teamId: 'T1', userId: EVIL },
      verdict: 'approve' as const,
      planHash: 'h',
      at: NOW,
      reason: HUGE,
      viaGroup: EVIL,
    })),
    absorbed: Array.from({ length: 40 }, () => HUGE),
    before: gauge(Array.from({ length: 30 }, () => HUGE)),
    after: gauge([]),
    conclusion: { at: NOW, summary: HUGE, clusterNow: HUGE, next: Array.from({ length: 30 }, () => HUGE) },
    waitsForPerson: HUGE,
  };
}

function cases(): readonly (readonly [string, Message])[] {
  const body = {
    kind: 'examination' as const,
    snapshot: nine(),
    findings: hostileFindings(60),
    environment: HUGE,
  };
  const sick = answer(body);
  const states = Object.entries({ ...everyState(), ...heldStates() });
  const entry: HelpEntry = {
    verb: 'x',
    summary: HUGE,
    usage: EVIL,
    right: 'read',
    examples: Array.from({ length: 60 }, () => HUGE),
    options: Array.from({ length: 60 }, () => ({ name: EVIL, value: EVIL, summary: HUGE })),
  };
  const operations = states.map(([, operation]) => hostileOperation(operation, 3));
  const one = hostileOperation(heldStates()['pending-emergency'] as Operation, 200);
  const emergency = { ...one, reviews: one.reviews.map((review) => ({ ...review, emergency: true })) };
  const pause = { scope: EVIL, by: { teamId: EVIL, userId: EVIL }, reason: HUGE, at: NOW };
  const steered = { kind: 'steered' as const, scope: HUGE, open: 9 };
  const plan = { kind: 'plan' as const, plan: one.plan, snapshot: nine(), policy: one.policy };
  const clusters = Array.from({ length: 200 }, () => ({
    name: HUGE,
    aliases: [HUGE],
    environment: HUGE,
    endpoints: 3,
    sample: { snapshot: nine(), findings: hostileFindings(1) },
  }));
  return [
    ['status', statusMessage(sick)],
    ['diagnosis', diagnosisMessage(sick)],
    ['pods', podsMessage(answer({ ...body, snapshot: hostilePods() }, 'pods'))],
    ['members', membersMessage(sick)],
    ['alarms', alarmsMessage(sick)],
    ['calico', calicoMessage(hostileCalico(HUGE))],
    ['calico unread', calicoMessage({ ...sick, body: { ...body, snapshot: unreadCalico() } })],
    ['clusters', clustersMessage(answer({ kind: 'clusters', clusters }))],
    ['operations', operationsMessage(answer({ kind: 'operations', operations }))],
    [
      'refusal',
      refusalMessage(
        HUGE,
        Array.from({ length: 80 }, () => HUGE),
      ),
    ],
    ['plan', planMessage(answer(plan, 'fix'))],
    ['paused', steeredMessage(answer({ ...steered, pause }, 'pause', { reason: HUGE }))],
    ['resumed', steeredMessage(answer({ ...steered, pause: null }, 'resume', { reason: HUGE }))],
    ['approvals', approvalsMessage({ here: operations, elsewhere: operations }, NOW)],
    ['approvals elsewhere', approvalsMessage({ here: [], elsewhere: operations }, NOW)],
    ['reminder', reminderMessage(one, NOW)],
    ['emergency', emergencyMessage(emergency, emergency.reviews[0] as Review)],
    ['decision', decisionMessage({ ...one, state: 'approved' }, 'approve')],
    ['help', helpMessage(Array.from({ length: 25 }, () => entry))],
    ['help for a verb', helpForVerb(entry)],
    ...states.flatMap(([name, operation]) => {
      const hostile = hostileOperation(operation, 200);
      return [
        [`card ${name}`, operationCard(hostile, NOW)],
        [`details ${name}`, detailsMessage(hostile)],
        [`step ${name}`, stepReply(hostile, 1)],
      ] as const;
    }),
  ];
}

function hostileCalico(name: string): Answer {
  return calicoAnswer(withFact(nine(), 'ip-pools', known(manyAddresses(name), NOW)), hostileFindings(60));
}

function unreadCalico(): Snapshot {
  return withFact(nine(), 'ip-pools', unknown('denied', HUGE, NOW));
}

describe('with hostile names, nine members, 60 findings and 200 steps', () => {
  test.each(cases())('%s keeps Slack’s limits and notifies nobody', (_name, message) => {
    expect(violations(message)).toEqual([]);
    expect(JSON.stringify(message.blocks)).not.toContain('<@U9>');
    expect(message.text).not.toMatch(/<|`/);
  });

  test('what does not fit is in the file, and the message says so', () => {
    const message = diagnosisMessage(examined(nine(), hostileFindings(60)));
    expect(JSON.stringify(message.blocks)).toContain('The rest is in the file.');
    expect(message.file?.content.length).toBeGreaterThan(10_000);
    expect(message.blocks.at(-1)?.type).toBe('actions');
  });

  test('nine members: seven are shown, all are in the file', () => {
    const message = membersMessage(examined(nine(), []));
    expect(JSON.stringify(message.blocks)).toContain('+2 more members');
    expect(message.file?.content.trim().split('\n')).toHaveLength(10);
  });

  test('200 pools and 5,000 nodes: a few are shown, all are in the file', () => {
    const message = calicoMessage(hostileCalico('node-'));
    const told = JSON.stringify(message.blocks);
    expect(told).toContain('+190 more pools, all of them in the file');
    expect(told).toContain('+390 more, all of them in the file');
    // Three tables with a title each, and two empty lines between them.
    expect(message.file?.content.trimEnd().split('\n')).toHaveLength(200 + 400 + 5000 + 3 + 2);
  });

  test('the modal keeps its limits', () => {
    const operation = hostileOperation(pendingFix(), 200);
    const modals = [
      ...(['approve', 'deny', 'emergency'] as const).map((act) => reviewModal(operation, act)),
      reasonForm({ draftId: 'd1', title: HUGE, submit: HUGE, line: HUGE }),
    ];
    for (const modal of modals) {
      expect(text('title', modal.title, 24)).toEqual([]);
      expect(text('submit', modal.submit, 24)).toEqual([]);
      expect(text('close', modal.close, 24)).toEqual([]);
      expect(modal.blocks.length).toBeLessThanOrEqual(100);
      expect(modal.private_metadata?.length).toBeLessThan(100);
      expect(modal.blocks.flatMap((block) => blockViolations({ ...block }))).toEqual([]);
      expect(JSON.stringify(modal)).not.toContain('<@U9>');
    }
  });

  test('a form that was refused gives the words back', () => {
    const modal = formRefused(refusalMessage(HUGE, [HUGE]), HUGE);
    expect(modal.blocks.flatMap((block) => blockViolations({ ...block }))).toEqual([]);
    expect(JSON.stringify(modal)).toContain('What you wrote');
    expect(JSON.stringify(modal)).not.toContain('<@U9>');
  });
});

test('buttons carry an opaque id and nothing else', () => {
  const messages = [
    statusMessage(FULL()),
    diagnosisMessage(HEALTHY()),
    ...Object.values(everyState()).map((operation) => operationCard(operation, NOW)),
  ];
  const values = messages.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      block.type === 'actions' ? block.elements.map((one) => ('value' in one ? one.value : undefined)) : [],
    ),
  );
  expect(new Set(values)).toEqual(new Set(['an-3kT9wZ', 'op-7Qm2xV']));
});

test('a fix is proposed only where a runbook helps', () => {
  expect(JSON.stringify(statusMessage(FULL()))).toContain('cluster.fix');
  expect(JSON.stringify(statusMessage(HEALTHY()))).not.toContain('cluster.fix');
  expect(JSON.stringify(diagnosisMessage(examined(full(healthy()), fullFindings())))).toContain(
    'cluster.fix',
  );
  expect(JSON.stringify(diagnosisMessage(examined(healthy(), okFindings())))).not.toContain('cluster.fix');
});

test('to recreate pods is no fix of etcd: no button offers it', () => {
  const restart = finding('warning', { runbook: 'restart-pods' });
  expect(JSON.stringify(diagnosisMessage(examined(healthy(), [restart])))).not.toContain('cluster.fix');
});
