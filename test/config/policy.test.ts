import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import type { Policy } from '../../src/domain/actor.js';
import { policyFor } from '../../src/domain/cluster.js';
import { KINDS } from '../../src/config/policy-schema.js';
import { cluster, good, makeSandbox, type Sandbox, withCluster } from './sandbox.js';

let sandbox: Sandbox;

beforeAll(() => {
  sandbox = makeSandbox();
});
afterAll(() => {
  sandbox.remove();
});

type Keys = Readonly<Record<string, unknown>>;

const WINDOWS = [{ days: ['tue'], from: '02:00', to: '05:00', zone: 'Europe/Berlin' }];

/** A cluster of the environment `live`, with a policy in each of the three places. */
function layered(top: Keys, environment: Keys = {}, own: Keys = {}): Keys {
  return good({
    policy: { approvers: { users: ['U2', 'U3', 'U4'] }, ...top },
    environments: { live: { policy: environment } },
    clusters: [cluster({ environment: 'live', policy: own, windows: WINDOWS })],
  });
}

function policyOf(config: Keys, kind: string): Policy {
  const found = sandbox.load(config).clusters[0]!;
  return policyFor(found.cluster, kind);
}

describe('the policy', () => {
  it('is the cluster’s over the environment’s over the top one’s', () => {
    const policy = policyOf(
      layered(
        { approvers: { users: ['U2', 'U3'] }, operators: { users: ['U1'] }, approveWithin: '1h' },
        { approvals: 2, approveWithin: '20m', emergency: { users: ['U8'] } },
        { approveWithin: '5m', selfApproval: true, outsideWindow: { users: ['U3'] } },
      ),
      'defrag',
    );
    expect(policy).toEqual({
      viewers: 'channel',
      operators: { users: ['U1'], groups: [] },
      approvers: { users: ['U2', 'U3'], groups: [] },
      approvals: 2,
      selfApproval: true,
      approveWithinMs: 300_000,
      startWithinMs: 600_000,
      outsideWindow: { users: ['U3'], groups: [] },
      emergency: { users: ['U8'], groups: [] },
    });
  });

  it('is a whole one for each kind that any place names, and the common one for the others', () => {
    const config = layered(
      { kinds: { backup: { selfApproval: true } } },
      { approvals: 2, kinds: { fix: { startWithin: '1m' } } },
      { kinds: { 'move-leader': {} } },
    );
    const { policy, policies } = sandbox.load(config).clusters[0]!.cluster;
    expect(policies).toEqual({
      backup: { ...policy, selfApproval: true },
      fix: { ...policy, startWithinMs: 60_000 },
      'move-leader': policy,
    });
    expect(policyOf(config, 'compact')).toEqual(policy);
    expect(policy).toMatchObject({ approvals: 2, selfApproval: false });
  });

  it('has kinds for runbooks only', () => {
    const runbooks = new URL('../../src/runbooks/', import.meta.url);
    for (const kind of KINDS)
      expect([kind, existsSync(new URL(`${kind}.ts`, runbooks))]).toEqual([kind, true]);
    expect(readdirSync(runbooks).filter((name) => name.endsWith('.ts'))).toHaveLength(KINDS.length);
  });
});

/** Six places from the weakest to the strongest, and whose `approvals` are left when the strongest are taken away. */
const PLACES: [string, Keys, Keys, Keys, number][] = [
  ['none: the default', {}, {}, {}, 1],
  ['the top', { approvals: 2 }, {}, {}, 2],
  ['the top’s kind', { approvals: 2, kinds: { fix: { approvals: 3 } } }, {}, {}, 3],
  ['the environment over the top’s kind', { kinds: { fix: { approvals: 3 } } }, { approvals: 2 }, {}, 2],
  ['the environment’s kind', {}, { approvals: 2, kinds: { fix: { approvals: 3 } } }, {}, 3],
  ['the cluster over the environment’s kind', {}, { kinds: { fix: { approvals: 3 } } }, { approvals: 2 }, 2],
  [
    'the cluster’s kind',
    { approvals: 1 },
    { approvals: 2 },
    { approvals: 2, kinds: { fix: { approvals: 3 } } },
    3,
  ],
];

describe('of several places, the word is with', () => {
  it.each(PLACES)('%s', (_, top, environment, own, approvals) => {
    expect(policyOf(layered(top, environment, own), 'fix').approvals).toBe(approvals);
  });
});

const OUTSIDE = 'so can’t let it start outside a window; list them among the approvers';

const TRUST: [unknown, string][] = [
  [
    layered({ outsideWindow: { users: ['U2', 'U9'] } }),
    `policy.outsideWindow.users[1]: may not approve, ${OUTSIDE}`,
  ],
  [
    layered({}, {}, { outsideWindow: { users: ['U9'] } }),
    `clusters[0].policy.outsideWindow.users[0]: may not approve, ${OUTSIDE}`,
  ],
  [
    layered({ kinds: { fix: { outsideWindow: { users: ['U9'] } } } }),
    `policy.kinds.fix.outsideWindow.users[0]: may not approve, ${OUTSIDE}`,
  ],
  [
    layered({ outsideWindow: { users: ['U2'] } }, { approvers: { users: ['U9'] } }),
    `environments.live.policy.approvers: leaves out people of policy.outsideWindow, who may not approve, ${OUTSIDE}`,
  ],
  [layered({ outsideWindow: { users: ['@anna'] } }), 'policy.outsideWindow.users[0]: is a name, not an id'],
  [layered({ emergency: { groups: ['U1'] } }), 'policy.emergency.groups[0]: is the id of a user'],
  [
    layered({ emergency: { user: ['U1'] } }),
    'policy.emergency.user: is not a known key; did you mean `users`?',
  ],
];

const OWN = 'nobody approves their own proposal, and';
const MORE = 'left to approve what an operator proposes; list more approvers, or write selfApproval: true';

const QUORUM: [unknown, string][] = [
  [
    layered({ approvals: 4 }),
    'policy.approvals: 4 approvals are needed, but only 3 may approve; list more approvers, or ask for fewer',
  ],
  [
    layered({ approvals: 2 }, {}, { approvers: { users: ['U2'] } }),
    'clusters[0].policy.approvers: only 1 may approve, but policy.approvals asks for 2 approvals; list more',
  ],
  [
    layered({ kinds: { fix: { approvals: 4 } } }),
    'policy.kinds.fix.approvals: 4 approvals are needed, but only 3 may approve',
  ],
  [
    layered({}, { kinds: { backup: { approvers: {} } } }),
    'environments.live.policy.kinds.backup.approvers: nobody may approve; list users or groups',
  ],
  [
    layered({ approvals: 2, kinds: { disarm: { approvers: { users: ['U2'] } } } }),
    'policy.kinds.disarm.approvers: only 1 may approve, but policy.approvals asks for 2 approvals',
  ],
  [
    layered({ approvers: { users: ['U1'] }, operators: { users: ['U1'] } }),
    `policy.approvers: ${OWN} nobody would be ${MORE}`,
  ],
  [
    layered({ operators: { users: ['U2', 'U3'] } }, {}, { approvals: 3 }),
    `clusters[0].policy.approvals: ${OWN} only 2 of the 3 who must approve would be ${MORE}`,
  ],
  [
    layered(
      { approvers: { users: ['U1', 'U1'] }, selfApproval: true },
      {},
      {
        kinds: { compact: { operators: { users: ['U1'] }, selfApproval: false } },
      },
    ),
    `clusters[0].policy.kinds.compact.operators: ${OWN} nobody would be ${MORE}`,
  ],
];

const KIND_NAMES: [unknown, string][] = [
  [
    layered({ kinds: { compactt: {} } }),
    'policy.kinds.compactt: is not a known key; did you mean `compact`?',
  ],
  [
    layered({}, { kinds: { defragment: {} } }),
    'environments.live.policy.kinds.defragment: is not a known key; did you mean `defrag`?',
  ],
  [
    layered({}, {}, { kinds: { everything: {} } }),
    'clusters[0].policy.kinds.everything: is not a known key; known here: compact, defrag, disarm, move-leader, backup, fix',
  ],
  [
    layered({ kinds: { fix: { viewers: 'channel' } } }),
    'policy.kinds.fix.viewers: is not a known key; known here: operators, approvers, approvals, selfApproval',
  ],
  [layered({ kinds: { fix: { kinds: {} } } }), 'policy.kinds.fix.kinds: is not a known key'],
  [
    layered({ kinds: { fix: { aprovals: 1 } } }),
    'policy.kinds.fix.aprovals: is not a known key; did you mean `approvals`',
  ],
  [layered({ kinds: { fix: { approvals: 0 } } }), 'policy.kinds.fix.approvals: must be 1 or more'],
  [layered({ kinds: { fix: null } }), 'policy.kinds.fix: is empty; give it a value or take the line out'],
  [layered({ kinds: ['fix'] }), 'policy.kinds: must be a map of keys and values, not a list'],
  [
    withCluster({ policy: { kinds: { fix: { operators: { users: ['C1'] } } } } }),
    'clusters[0].policy.kinds.fix.operators.users[0]: is the id of a channel',
  ],
];

describe.each([
  ['whom it trusts', TRUST],
  ['how many must approve', QUORUM],
  ['kinds of change', KIND_NAMES],
])('a mistake of the policy in %s', (_, table) => {
  it.each(table.map(([config, message]) => ({ config, message })))('$message', ({ config, message }) => {
    expect(sandbox.problems(config)).toEqual([expect.stringContaining(message)]);
  });
});

const FINE: [string, unknown][] = [
  [
    'outsideWindow, where groups may approve',
    layered({ approvers: { groups: ['S1'] }, outsideWindow: { users: ['U9'] } }),
  ],
  [
    'outsideWindow of a group, whose members only Slack knows',
    layered({ outsideWindow: { groups: ['S9'] } }),
  ],
  [
    'approvers that leave out outsideWindow, where there are no windows',
    good({
      policy: { approvers: { users: ['U2'] }, outsideWindow: { users: ['U2'] } },
      clusters: [cluster({ policy: { approvers: { users: ['U3'] } } })],
    }),
  ],
  ['emergency for people who are no approvers', layered({ emergency: { users: ['U9'] } })],
  [
    'one operator who is the only approver, with selfApproval',
    layered({ approvers: { users: ['U1'] }, operators: { users: ['U1'] }, selfApproval: true }),
  ],
  [
    'one operator who is the only approver, with emergency',
    layered({ approvers: { users: ['U1'] }, operators: { users: ['U1'] }, emergency: { users: ['U1'] } }),
  ],
  [
    'operators of whom one is no approver',
    layered({ approvers: { users: ['U1'] }, operators: { users: ['U1', 'U5'] } }),
  ],
  [
    'operators in a group',
    layered({ approvers: { users: ['U1'] }, operators: { users: ['U1'], groups: ['S1'] } }),
  ],
];

describe('the policy may have', () => {
  it.each(FINE)('%s', (_, config) => {
    expect(sandbox.problems(config)).toEqual([]);
  });
});

describe('mistakes in several places of the policy', () => {
  it('do not hide each other', () => {
    const config = layered(
      { approvals: 4, kinds: { fix: { emergency: { users: ['S1'] } }, compactt: {} } },
      { kinds: { backup: { approvals: 1, approvers: {} } } },
      { kinds: { defrag: { approvals: 1, outsideWindow: { users: ['U9'] } } } },
    );
    expect(sandbox.problems(config).map((problem) => problem.split(': ')[0])).toEqual([
      'policy.kinds.compactt',
      'policy.kinds.fix.emergency.users[0]',
      'policy.approvals',
      'clusters[0].policy.kinds.defrag.outsideWindow.users[0]',
      'environments.live.policy.kinds.backup.approvers',
    ]);
  });
});
