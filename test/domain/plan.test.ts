import { describe, expect, it } from '@jest/globals';
import { substanceOf, type Plan, type PlannedStep } from '../../src/domain/plan.js';
import { CLUSTER_ID, IDS, NOW } from '../facts.js';

const [FIRST, SECOND, THIRD] = [IDS[0] ?? '', IDS[1] ?? '', IDS[2] ?? ''];

function steps(order: readonly string[]): readonly PlannedStep[] {
  return [
    { kind: 'compact', revision: 1_204_331, id: 'compact', label: 'Compact' },
    ...order.map((memberId, index): PlannedStep => ({
      kind: 'defragment',
      memberId,
      id: `d${String(index)}`,
      label: memberId,
    })),
    { kind: 'gate', condition: 'below-quota-share', share: 0.9, id: 'gate', label: 'Stop if still full' },
    { kind: 'move-leader', to: null, id: 'lead', label: 'Move the leader' },
    { kind: 'disarm', alarm: 'NOSPACE', belowShare: 0.9, id: 'disarm', label: 'Disarm' },
  ];
}

const plan: Plan = {
  runbook: 'fix',
  title: 'Fix calico-prod',
  cluster: 'calico-prod',
  clusterId: CLUSTER_ID,
  members: [FIRST, SECOND, THIRD].map((id, index) => ({ id, name: `m${String(index + 1)}` })),
  steps: steps([SECOND, THIRD, FIRST]),
  expected: expecting(1, 2),
  reaches: 'Revision 1 204 331, the newest now',
  lastBackup: 'I know of no backup of this cluster.',
  onFailure: 'If a step fails, the rest is not begun.',
  prevention: [],
  baseline: { term: 7, leaderId: FIRST, members: [] },
  risks: ['Slow watchers list again'],
  standstill: null,
  backup: false,
  byHand: ['etcdctl compact 1204331'],
  factsAt: NOW,
};

function expecting(lowBytes: number, highBytes: number): Plan['expected'] {
  const bytesBack = { lowBytes, highBytes, basis: 'a guess' };
  return { bytesBack, bytesByMember: [], pauses: [], pauseBasis: null };
}

function changed(patch: Partial<PlannedStep>, id: string): Plan {
  return {
    ...plan,
    steps: plan.steps.map((step) => (step.id === id ? ({ ...step, ...patch } as PlannedStep) : step)),
  };
}

describe('the substance of a plan is the same', () => {
  it.each<[string, Plan]>([
    [
      'whoever leads, so in whatever order the members come',
      { ...plan, steps: steps([FIRST, THIRD, SECOND]) },
    ],
    ['in whatever order the members are listed', { ...plan, members: [...plan.members].reverse() }],
    ['with other sizes', { ...plan, expected: expecting(5, 6), baseline: { ...plan.baseline, term: 8 } }],
    ['with other texts', { ...plan, title: 'T', risks: [], byHand: [], factsAt: 0 }],
    ['with another advice', { ...plan, prevention: ['x'], onFailure: '', lastBackup: '', reaches: null }],
    ['with other labels', changed({ label: 'other words' }, 'compact')],
    [
      'with another name of a member',
      { ...plan, members: plan.members.map(({ id }) => ({ id, name: 'renamed' })) },
    ],
  ])('%s', (_case, other) => {
    expect(substanceOf(other)).toBe(substanceOf(plan));
  });
});

describe('the substance of a plan differs', () => {
  it.each<[string, Plan]>([
    ['with another revision', changed({ revision: 1_204_330 }, 'compact')],
    ['with another gate', changed({ share: 0.95 }, 'gate')],
    ['with another limit for the disarm', changed({ belowShare: 0.95 }, 'disarm')],
    ['with a named successor', changed({ to: SECOND }, 'lead')],
    ['where a member is defragmented that gives nothing back', changed({ evenIfCompact: true }, 'd0')],
    ['with another member to defragment', changed({ memberId: IDS[3] ?? '' }, 'd0')],
    ['with one step less', { ...plan, steps: plan.steps.slice(1) }],
    ['with the acts in another order', { ...plan, steps: [...plan.steps].reverse() }],
    ['on another cluster', { ...plan, cluster: 'calico-test' }],
    ['on another cluster id', { ...plan, clusterId: '1' }],
    ['by another runbook', { ...plan, runbook: 'defrag' }],
    ['with another set of members', { ...plan, members: plan.members.slice(1) }],
    ['where everybody stands still', { ...plan, standstill: 'All clients stand still for about 20 s' }],
  ])('%s', (_case, other) => {
    expect(substanceOf(other)).not.toBe(substanceOf(plan));
  });
});

describe('a plan that moves the leader', () => {
  it('to one member is another than to a second one', () => {
    const [one, other] = [SECOND, THIRD].map((to) => substanceOf(changed({ to }, 'lead')));
    expect(one).not.toBe(other);
  });
});
