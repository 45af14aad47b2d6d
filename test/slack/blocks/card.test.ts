import { describe, expect, test } from '@jest/globals';
import type { Operation } from '../../../src/domain/operation.js';
import { operationCard } from '../../../src/slack/blocks/card.js';
import { reviewModal, reviewOf } from '../../../src/slack/blocks/review-modal.js';
import { stepReply } from '../../../src/slack/blocks/step-reply.js';
import { expectGolden } from '../../golden.js';
import { NOW } from '../../facts.js';
import {
  endedFix,
  everyState,
  fixAt,
  heldStates,
  pendingFix,
  standstill,
  succeededFix,
  withoutBackup,
} from '../../operations.js';

const APPROVE = 'operation.approve';
const DENY = 'operation.deny';
const CANCEL = 'operation.cancel';
const DETAILS = 'operation.details';

function said(operation: Operation): string {
  return JSON.stringify(operationCard(operation, NOW));
}

function actionsOf(operation: Operation): readonly string[] {
  const { blocks } = operationCard(operation, NOW);
  return blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.map((element) => element.action_id ?? '') : [],
  );
}

describe('the card of an operation', () => {
  test.each([
    ['pending', [APPROVE, 'operation.review', DENY, CANCEL, DETAILS]],
    ['pending-standstill', [APPROVE, DENY, CANCEL, DETAILS]],
    ['pending-observe-only', [APPROVE, DENY, CANCEL, DETAILS]],
    ['pending-emergency', [APPROVE, 'operation.review', DENY, 'operation.emergency', CANCEL, DETAILS]],
    ['approved', ['operation.cancel', 'operation.details']],
    ['running', ['operation.cancel', 'operation.details']],
    ['running-stopping', ['operation.details']],
    ['unknown', ['operation.details']],
    ['succeeded', ['operation.details']],
    ['failed', ['operation.details']],
    ['stale', ['operation.details']],
  ])('%s offers what can be done in this state', (name, actions) => {
    expect(actionsOf({ ...everyState(), ...heldStates() }[name] as Operation)).toEqual(actions);
  });

  test('says on the button that there is no backup', () => {
    expect(said(pendingFix())).toContain('"Approve"');
    const blind = said(pendingFix({ plan: withoutBackup() }));
    expect(blind).toContain('"Approve without backup"');
    expect(blind.match(/No backup is configured/g)).toHaveLength(1);
  });

  test('names cluster and act before an approval', () => {
    expect(said(pendingFix())).toContain('"Approve on calico-prod?"');
    expect(said(pendingFix())).toContain('"Make room in calico-prod: 8 steps on calico-prod."');
  });

  test('counts steps as the plan numbers them: a gate has none', () => {
    expect(operationCard(fixAt(4), NOW).text).toBe('⏳ Running, step 4 of 8: Make room in calico-prod');
    expect(operationCard(fixAt(3), NOW).text).toBe('⏳ Running, step 3 of 8: Make room in calico-prod');
  });

  test('shows the people of the operation as people, and nobody else', () => {
    const operation = { ...endedFix('cancelled', 'Cancelled by <@U2>, says <@U9> <!here>.') };
    const text = said({ ...operation, cancelledBy: { teamId: 'T1', userId: 'U2' } });
    expect(text).toContain('Cancelled by <@U2>');
    expect(text).not.toMatch(/<@U9>|<!here>/);
  });

  test('leads with the alarm when it is back after a success', () => {
    const watch = { until: NOW, state: 'reraised' as const, note: 'NOSPACE on m2' };
    const { text, blocks } = operationCard({ ...succeededFix(), watch }, NOW);
    expect(text).toMatch(/^🔴 The alarm is back/);
    expect(JSON.stringify(blocks[1])).toContain('NOSPACE on m2');
  });

  test('says that time is up to whoever reads it too late', () => {
    expect(operationCard(pendingFix(), NOW + 3_600_000).text).toMatch(/^Too late to approve/);
  });
});

test('a reply for a step that does not exist is a bug', () => {
  expect(() => stepReply(pendingFix(), 99)).toThrow(RangeError);
});

describe('the review', () => {
  test.each([
    ['approve', pendingFix()],
    ['deny', pendingFix()],
    ['approve', pendingFix({ plan: standstill() })],
    ['deny', pendingFix({ plan: standstill() })],
    ['emergency', pendingFix()],
    ['emergency', pendingFix({ plan: { ...standstill(), backup: false } })],
  ] as const)('to %s looks as it was agreed', (verdict, operation) => {
    const kind = operation.plan.standstill === null ? '' : '-standstill';
    expectGolden(`slack/blocks/golden/modal-${verdict}${kind}`, reviewModal(operation, verdict));
  });

  test('finds its operation again, and takes nothing else', () => {
    expect(reviewOf(reviewModal(pendingFix(), 'deny').private_metadata ?? '')).toEqual({
      operationId: 'op-7Qm2xV',
      act: 'deny',
      atHome: false,
    });
    expect(reviewOf('op-1:emergency')).toEqual({ operationId: 'op-1', act: 'emergency', atHome: false });
    const fromHome = reviewModal(pendingFix(), 'approve', true).private_metadata ?? '';
    expect(reviewOf(fromHome)).toEqual({ operationId: 'op-7Qm2xV', act: 'approve', atHome: true });
    for (const text of [
      '',
      'op',
      'op:',
      'op:maybe',
      ':approve',
      'a:b:approve',
      'op:review',
      'op:deny:elsewhere',
    ])
      expect(reviewOf(text)).toBeNull();
  });
});
