import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cluster, good, makeSandbox, type Sandbox, withCluster } from './sandbox.js';

let sandbox: Sandbox;

beforeAll(() => {
  sandbox = makeSandbox();
});
afterAll(() => {
  sandbox.remove();
});

const SHAPES: [unknown, string][] = [
  [good({ clusters: undefined }), 'clusters: is missing'],
  [good({ clusters: [] }), 'clusters: names no cluster; add one with a name and its endpoints'],
  [good({ clusters: 'prod' }), 'clusters: must be a list, not text'],
  [good({ clusters: ['prod'] }), 'clusters[0]: must be a map of keys and values, not text'],
  [good({ slak: {} }), 'slak: is not a known key; did you mean `slack`?'],
  [good({ colour: 'red' }), 'colour: is not a known key; known here: stateDirectory, slack, http'],
  [withCluster({ endpoint: [] }), 'clusters[0].endpoint: is not a known key; did you mean `endpoints`?'],
  [good({ monitor: { intervall: '1s' } }), 'monitor.intervall: is not a known key; did you mean `interval`?'],
  [
    good({ environments: { live: { policy: { aprovals: 1 } } } }),
    'environments.live.policy.aprovals: is not a known key; did you mean `approvals`?',
  ],
  [
    withCluster({ policy: { viewers: { user: [] } } }),
    'clusters[0].policy.viewers.user: is not a known key; did you mean `users`?',
  ],
  [withCluster({ policy: { viewers: 'all' } }), 'viewers: must be `channel`, or { users: […], groups: […] }'],
  [withCluster({ policy: { viewers: { users: 'U1' } } }), 'policy.viewers.users: must be a list, not text'],
  [good({ http: null }), 'http: is empty; give it a value or take the line out'],
  [good({ http: { port: '80' } }), 'http.port: must be a whole number, not text'],
  [good({ http: { port: 70_000 } }), 'http.port: must be 0 to 65535'],
  [good({ monitor: { interval: 15 } }), 'monitor.interval: has no unit; write for example 15s'],
  [good({ monitor: { interval: '1ms' } }), 'monitor.interval: is too short; at least 250ms'],
  [good({ monitor: { interval: '8d' } }), 'monitor.interval: is too long; at most 7d'],
  [withCluster({ quota: '2GB' }), 'clusters[0].quota: may be read in two ways; write GiB'],
  [withCluster({ quota: true }), 'clusters[0].quota: is not a size; write for example 2GiB'],
  [withCluster({ clusterId: 'main' }), 'clusters[0].clusterId: is not a cluster id'],
  [withCluster({ clusterId: 0 }), 'clusters[0].clusterId: is not a cluster id'],
  [withCluster({ policy: { approvals: 0 } }), 'clusters[0].policy.approvals: must be 1 or more'],
  [withCluster({ policy: { selfApproval: 'no' } }), 'policy.selfApproval: must be true or false, not text'],
  [withCluster({ backup: { directory: '/b', keep: 0 } }), 'clusters[0].backup.keep: must be 1 or more'],
  [withCluster({ auth: { username: 'u' } }), 'clusters[0].auth.passwordFile: is missing'],
  [withCluster({ changes: 'maybe' }), 'clusters[0].changes: must be `on` or `off`'],
  [withCluster({ changes: {} }), 'clusters[0].changes: must be `on` or `off`'],
  [good({ limits: { perPerson: 0 } }), 'limits.perPerson: must be 1 or more'],
  [good({ limits: { perCluster: -1 } }), 'limits.perCluster: must be 1 or more'],
  [good({ limits: { perPerson: 'many' } }), 'limits.perPerson: must be a whole number, not text'],
  [good({ limits: { perHour: 1 } }), 'limits.perHour: is not a known key; known here: perPerson, perCluster'],
  [good({ redis: { waitForReplicas: -1 } }), 'redis.waitForReplicas: must be 0 or more'],
  [good({ redis: { waitForReplicas: 1.5 } }), 'redis.waitForReplicas: must be a whole number'],
  [
    good({ redis: { waitForReplica: 1 } }),
    'redis.waitForReplica: is not a known key; did you mean `waitForReplicas`?',
  ],
];

const LATER: [unknown, string][] = [
  [good({ slack: { mode: 'http', alertsChannel: 'C1' } }), 'slack.mode: http is not supported yet'],
];

const PEOPLE: [unknown, string][] = [
  [
    good({ slack: { alertsChannel: '#platform' } }),
    'slack.alertsChannel: is a name, not an id; a channel’s id',
  ],
  [
    withCluster({ channels: ['C1', 'platform'] }),
    'clusters[0].channels[1]: is not a Slack id; a channel’s id',
  ],
  [
    good({ slack: {} }),
    'clusters[0].channels: is missing; list a channel’s id here, or set slack.alertsChannel',
  ],
  [good({ policy: { approvers: { users: ['@anna'] } } }), 'policy.approvers.users[0]: is a name, not an id'],
  [good({ policy: { approvers: { users: ['S1'] } } }), 'policy.approvers.users[0]: is the id of a group'],
  [good({ policy: { approvers: { groups: ['U1'] } } }), 'policy.approvers.groups[0]: is the id of a user'],
  [
    withCluster({ policy: { viewers: { users: ['C1'] } } }),
    'policy.viewers.users[0]: is the id of a channel',
  ],
  [good({ policy: {} }), 'policy.approvers: nobody may approve; list users or groups'],
  [
    withCluster({ policy: { approvers: { users: [] } } }),
    'clusters[0].policy.approvers: nobody may approve; list users or groups',
  ],
  [
    good({
      environments: { live: { policy: { approvals: 3 } } },
      clusters: [cluster({ environment: 'live' })],
    }),
    'environments.live.policy.approvals: 3 approvals are needed, but only 2 may approve',
  ],
  [
    good({ policy: { approvals: 2, approvers: { users: ['U1', 'U1'] } } }),
    'policy.approvals: 2 approvals are needed, but only 1 may approve',
  ],
];

describe.each([
  ['shape', SHAPES],
  ['what comes later', LATER],
  ['people and channels', PEOPLE],
])('a mistake in %s', (_, table) => {
  it.each(table.map(([config, message]) => ({ config, message })))('$message', ({ config, message }) => {
    const found = sandbox.problems(config);
    expect(found).toEqual([expect.stringContaining(message)]);
    expect(found.join()).not.toContain('hush');
  });
});

describe('several mistakes', () => {
  it('are all reported at once, and what follows from another one is not', () => {
    const config = good({
      http: { port: -1 },
      slack: { alertsChannel: '#alerts', mode: 'http' },
      policy: { approvers: { users: 'U1' } },
      clusters: [
        { endpoints: ['http://a:2379', 'b'], settle: 'long', tls: { ca: 'none.pem' } },
        {
          name: 'b',
          environment: 5,
          channels: ['#b'],
          colour: 1,
          auth: { username: 'u', passwordFile: 'no' },
        },
        { name: 'b', metrics: [] },
      ],
    });
    const places = sandbox.problems(config, {}).map((problem) => problem.split(': ')[0]);
    expect(places.sort()).toEqual([
      'SLACK_APP_TOKEN',
      'SLACK_BOT_TOKEN',
      'clusters[0].endpoints[1]',
      'clusters[0].name',
      'clusters[0].settle',
      'clusters[0].tls',
      'clusters[0].tls.ca',
      'clusters[1].auth.passwordFile',
      'clusters[1].channels[0]',
      'clusters[1].colour',
      'clusters[1].endpoints',
      'clusters[1].environment',
      'clusters[2].endpoints',
      'clusters[2].name',
      'http.port',
      'policy.approvers.users',
      'slack.alertsChannel',
      'slack.mode',
    ]);
  });
});
