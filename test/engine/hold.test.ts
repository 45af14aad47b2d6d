import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/domain/actor.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Operation } from '../../src/domain/operation.js';
import type { Pause } from '../../src/domain/pause.js';
import type { MaintenanceWindow } from '../../src/domain/window.js';
import { holdOf } from '../../src/engine/hold.js';
import { HOUR, MINUTE, NOW } from '../facts.js';
import { approvedFix, withApprovals } from '../operations.js';
import { clusterOf } from './world.js';

/** NOW is a Tuesday, 03:00 UTC. */
const at = (fromMinute: number, toMinute: number): readonly MaintenanceWindow[] => [
  { days: ['tue'], fromMinute, toMinute, zone: 'UTC' },
];
const OPEN = at(2 * 60, 5 * 60);
const SOON = at(3 * 60 + 5, 5 * 60);
const LATER = at(4 * 60, 5 * 60);

const PAUSE: Pause = { scope: '*', by: { teamId: 'T1', userId: 'U4' }, reason: 'release', at: NOW };

interface Case {
  readonly cluster?: Partial<Cluster>;
  readonly policy?: Partial<Policy>;
  readonly operation?: Partial<Operation>;
  readonly pause?: Pause | null;
}

function hold({ cluster = {}, policy = {}, operation = {}, pause = null }: Case) {
  const approved = { ...approvedFix(), ...operation };
  const configured = clusterOf(approved);
  const pauses = {
    holding: async () => pause,
    list: async () => [],
    set: async () => undefined,
    lift: async () => null,
  };
  const now = { ...configured, policy: { ...configured.policy, ...policy }, ...cluster };
  return holdOf(pauses, now, { operation: approved, now: NOW });
}

const saidBy = (userId: string, what: object): Partial<Operation> => ({
  reviews: withApprovals(approvedFix(), 2).reviews.map((review) =>
    review.by.userId === userId ? { ...review, ...what } : review,
  ),
});
const group = (...users: string[]) => ({ users, groups: [] });

describe('what keeps an approved operation from starting', () => {
  it.each<[string, Case]>([
    ['there are no windows', {}],
    ['a window is open', { cluster: { windows: OPEN } }],
    [
      'one of its approvers lets it start at any hour',
      {
        cluster: { windows: LATER },
        policy: { outsideWindow: group('U3') },
        operation: saidBy('U3', { outsideWindow: true }),
      },
    ],
    [
      'one of a group lets it start at any hour',
      {
        cluster: { windows: LATER },
        policy: { outsideWindow: { users: [], groups: ['S9'] } },
        operation: saidBy('U3', { outsideWindow: true, outsideViaGroup: 'S9' }),
      },
    ],
    [
      'it is an emergency',
      {
        cluster: { windows: LATER },
        policy: { emergency: group('U3') },
        operation: saidBy('U3', { emergency: true }),
      },
    ],
  ])('is nothing where %s', async (_where, one) => {
    expect(await hold(one)).toBeNull();
  });

  it.each<[string, Case, RegExp]>([
    ['changes are paused', { pause: PAUSE }, /paused by <@U4>: release/],
    [
      'changes are paused, also while no window is open',
      { pause: PAUSE, cluster: { windows: LATER } },
      /paused/,
    ],
    ['a window opens in time', { cluster: { windows: SOON } }, /has not opened yet/],
  ])('passes where %s', async (_where, one, words) => {
    expect(await hold(one)).toEqual({ kind: 'wait', because: expect.stringMatching(words) });
  });

  it.each<[string, Case, RegExp]>([
    ['changes are off', { cluster: { changes: false } }, /changes are off/],
    ['changes are off and paused', { cluster: { changes: false }, pause: PAUSE }, /changes are off/],
    [
      'the window opens too late',
      { cluster: { windows: LATER } },
      /window is closed \(Tue 04:00–05:00 UTC\)/,
    ],
    ['it has no time to start', { cluster: { windows: SOON }, operation: { startBy: undefined } }, /closed/],
    [
      'whoever let it start at any hour may not any more',
      {
        cluster: { windows: LATER },
        policy: { outsideWindow: group('U9') },
        operation: saidBy('U3', { outsideWindow: true }),
      },
      /closed/,
    ],
    [
      'who let it start had the right by name, and others have it by a group now',
      {
        cluster: { windows: LATER },
        policy: { outsideWindow: { users: [], groups: ['S9'] } },
        operation: saidBy('U3', { outsideWindow: true }),
      },
      /closed/,
    ],
    [
      'the group that gave the right has it no more',
      {
        cluster: { windows: LATER },
        policy: { outsideWindow: { users: ['U3'], groups: ['S9'] } },
        operation: saidBy('U3', { outsideWindow: true, outsideViaGroup: 'S8' }),
      },
      /closed/,
    ],
    [
      'whoever may let it has not been asked',
      { cluster: { windows: LATER }, policy: { outsideWindow: group('U3') } },
      /closed/,
    ],
    [
      'the emergency is one of another kind of change',
      {
        cluster: { windows: LATER },
        policy: { emergency: group('U3') },
        operation: {
          ...saidBy('U3', { emergency: true }),
          plan: { ...approvedFix().plan, runbook: 'defrag' },
        },
      },
      /closed/,
    ],
  ])('does not pass where %s', async (_where, one, words) => {
    expect(await hold(one)).toEqual({ kind: 'refuse', because: expect.stringMatching(words) });
  });

  it('is asked of the windows and policies of now, not of those that were frozen', async () => {
    const frozen = { windows: [], startBy: NOW + HOUR + MINUTE };
    expect(await hold({ cluster: { windows: LATER }, operation: frozen })).toMatchObject({ kind: 'wait' });
    const policies = { fix: { ...clusterOf(approvedFix()).policy, outsideWindow: group('U2') } };
    const operation = saidBy('U2', { outsideWindow: true });
    expect(await hold({ cluster: { windows: LATER, policies }, operation })).toBeNull();
  });
});
