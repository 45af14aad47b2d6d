import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { cluster, good, makeSandbox, TOKENS, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;

beforeAll(() => {
  sandbox = makeSandbox();
  sandbox.write('routing-key', 'r0uting\n');
  sandbox.write('hook', 'https://hooks.example/h00k\n');
  sandbox.write('signs', 's1gn\n');
  sandbox.write('token', 'b3arer\n');
  sandbox.write('ftp', 'ftp://x\n');
});
afterAll(() => {
  sandbox.remove();
});

const alerts = (given: unknown) => good({ alerts: given });
const KEYED = { ...TOKENS, STEWARD_KEY: 'k'.repeat(32) };

describe('alerts of which nothing is said', () => {
  it('have every default', () => {
    const { limitsOf, ...rest } = sandbox.load(good()).alerts;
    expect(rest).toEqual({
      routes: [],
      reminders: { firstMs: 3_600_000, mostMs: 86_400_000 },
      escalation: null,
      digest: null,
      heartbeatEveryMs: 60_000,
      heartbeat: null,
      pagers: [],
    });
    expect(limitsOf('prod')).toEqual({
      'quota-low': { warning: 0.8, critical: 0.95, for: 600_000 },
      'certificate-expiry': { warning: 1_814_400_000 },
      units: { size: 2 ** 33, times: 4, slow: 0.5, often: 0.1 },
    });
  });

  it.each([['off'], [false]])('have no digest where it is %p', (digest) => {
    expect(sandbox.load(alerts({ digest })).alerts.digest).toBeNull();
  });

  it('have no digest where YAML says off without quotes', () => {
    const yaml = `stateDirectory: state
policy: { approvers: { groups: [S1] } }
alerts: { digest: off }
clusters: [{ name: a, endpoints: ['http://a:2379'], channels: [C1] }]`;
    expect(sandbox.load(yaml).alerts.digest).toBeNull();
  });
});

describe('thresholds', () => {
  const given = good({
    alerts: { thresholds: { 'quota-low': { warning: 0.7, critical: 0.9, for: '5m' } } },
    environments: { live: { alerts: { thresholds: { 'quota-low': { critical: 0.85, for: '1m' } } } } },
    clusters: [
      cluster({
        name: 'a',
        environment: 'live',
        alerts: { thresholds: { 'quota-low': { for: '0' }, units: { times: 9 } } },
      }),
      cluster({ name: 'b', environment: 'live', endpoints: ['http://b:1'] }),
      cluster({ name: 'c', endpoints: ['http://c:1'] }),
    ],
  });

  it.each([
    ['a', { warning: 0.7, critical: 0.85, for: 0 }, 9],
    ['b', { warning: 0.7, critical: 0.85, for: 60_000 }, 4],
    ['c', { warning: 0.7, critical: 0.9, for: 300_000 }, 4],
    ['*', { warning: 0.7, critical: 0.9, for: 300_000 }, 4],
  ])('of %s are the closest that were given', (name, quotaLow, times) => {
    const limits = sandbox.load(given).alerts.limitsOf(name);
    expect(limits['quota-low']).toEqual(quotaLow);
    expect(limits['units']?.['times']).toBe(times);
    expect(limits['certificate-expiry']).toEqual({ warning: 1_814_400_000 });
  });

  it.each([
    ['quota-low', 'warning', '80%', 0.8],
    ['quota-low', 'warning', '82.5 %', 0.825],
    ['quota-low', 'warning', 1, 1],
    ['quota-low', 'for', '1h30m', 5_400_000],
    ['certificate-expiry', 'warning', '30d', 2_592_000_000],
    ['units', 'size', '1.5GiB', 1.5 * 2 ** 30],
    ['units', 'size', 1024, 1024],
    ['units', 'times', 0, 0],
    ['units', 'times', '12', 12],
    ['units', 'slow', 0.25, 0.25],
    ['units', 'slow', '250ms', 0.25],
    ['units', 'slow', '2', 2],
    ['units', 'often', 0.01, 0.01],
  ])('%s.%s may be %p', (rule, name, written, value) => {
    const config = sandbox.load(alerts({ thresholds: { [rule]: { [name]: written } } }));
    expect(config.alerts.limitsOf('prod')[rule]?.[name]).toBeCloseTo(value, 10);
  });

  it.each([
    ['quota-low', 'warning', 80, 'must be a share; write for example 0.8 or 80%'],
    ['quota-low', 'warning', '120%', 'must be a share'],
    ['quota-low', 'warning', -0.1, 'must be a share'],
    ['quota-low', 'for', 10, 'has no unit; write for example 15s'],
    ['quota-low', 'for', 'soon', 'is not a duration'],
    ['units', 'size', '8GB', 'may be read in two ways; write GiB'],
    ['units', 'times', 1.5, 'must be a whole number, 0 or more'],
    ['units', 'times', -1, 'must be a whole number, 0 or more'],
    ['units', 'times', '', 'must be a whole number, 0 or more'],
    ['units', 'slow', 'slow', 'must be a number of seconds or a duration'],
    ['units', 'often', 'x', 'must be a number a second'],
    ['quota-low', 'warning', true, 'must be a share, a number, a duration or a size'],
    ['quota-low', 'warn', 0.8, 'is not a threshold of this rule; did you mean `warning`?'],
    ['quota-low', 'colour', 0.8, 'is not a threshold of this rule; known here: warning, critical, for'],
  ])('%s.%s may not be %p', (rule, name, written, message) => {
    const found = sandbox.problems(alerts({ thresholds: { [rule]: { [name]: written } } }));
    expect(found).toEqual([expect.stringContaining(`alerts.thresholds.${rule}.${name}: ${message}`)]);
  });

  it('are looked at in every place, and a rule that is not known is told with what was meant', () => {
    const one = { alerts: { thresholds: { 'quota-lo': { warning: 0.8 } } } };
    const config = good({ ...one, environments: { live: one }, clusters: [cluster(one)] });
    const message = 'thresholds.quota-lo: is not an alert rule; did you mean `quota-low`?';
    expect(sandbox.problems(config)).toEqual([
      `alerts.${message}`,
      `environments.live.alerts.${message}`,
      `clusters[0].alerts.${message}`,
    ]);
  });

  it('of an environment or a cluster are all that these say of alerts', () => {
    const config = good({ clusters: [cluster({ alerts: { routes: [] } })] });
    expect(sandbox.problems(config)).toEqual([
      'clusters[0].alerts.routes: is not a known key; known here: thresholds',
    ]);
  });
});

describe('who is told', () => {
  it('is carried over', () => {
    const route = { clusters: ['prod'], environments: [], severities: ['critical'], channel: 'C0ONCALL' };
    const config = sandbox.load(
      alerts({
        routes: [route, { channel: 'C2' }],
        reminders: { first: '2h', most: '7d' },
        escalation: { groups: ['S0ONCALL'], channel: 'C0BOSS' },
        digest: { every: 'week', at: '07:30', day: 'fri', zone: 'Europe/Berlin' },
      }),
    );
    expect(config.alerts).toMatchObject({
      routes: [route, { clusters: [], environments: [], severities: [], channel: 'C2' }],
      reminders: { firstMs: 7_200_000, mostMs: 604_800_000 },
      escalation: { afterMs: 900_000, groups: ['S0ONCALL'], channel: 'C0BOSS' },
      digest: { every: 'week', atMinute: 450, weekday: 'fri', zone: 'Europe/Berlin' },
    });
  });

  it('has defaults within the digest', () => {
    expect(sandbox.load(alerts({ digest: {} })).alerts.digest).toEqual({
      every: 'day',
      atMinute: 480,
      weekday: 'mon',
      zone: 'UTC',
    });
  });

  it.each([
    [{ routes: [{ channel: '#ops' }] }, 'alerts.routes[0].channel: is a name, not an id'],
    [{ routes: [{}] }, 'alerts.routes[0].channel: is missing'],
    [
      { routes: [{ channel: 'C1', clusters: ['prd'] }] },
      'alerts.routes[0].clusters[0]: is not configured; did you mean `prod`?',
    ],
    [
      { routes: [{ channel: 'C1', environments: ['live'] }] },
      'alerts.routes[0].environments[0]: is not configured; known: none',
    ],
    [
      { routes: [{ channel: 'C1', severities: ['fatal'] }] },
      'alerts.routes[0].severities[0]: must be one of: info, warning, critical',
    ],
    [{ reminders: { first: '2h', most: '1h' } }, 'alerts.reminders.most: is shorter than first'],
    [{ escalation: {} }, 'alerts.escalation: tells nobody; list groups, or give a channel'],
    [{ escalation: { groups: ['U1'] } }, 'alerts.escalation.groups[0]: is the id of a user'],
    [{ escalation: { channel: 'boss' } }, 'alerts.escalation.channel: is not a Slack id'],
    [{ digest: 'on' }, 'alerts.digest: must be `off`, or { every: day'],
    [{ digest: { at: '25:00' } }, 'alerts.digest.at: must be "00:00" to "23:59"'],
    [{ digest: { every: 'month' } }, 'alerts.digest.every: must be one of: day, week'],
    [{ digest: { zone: '+02:00' } }, 'alerts.digest.zone: is not a time zone'],
    [{ digest: { day: 'mon' } }, 'alerts.digest.day: counts only with `every: week`'],
    [{ heartbeat: {} }, 'alerts.heartbeat.url: is missing; give it, or name a file'],
    [
      { heartbeat: { url: 'http://h', urlFile: 'hook' } },
      'alerts.heartbeat.url: is given as well as urlFile',
    ],
    [{ heartbeat: { urlFile: 'ftp' } }, 'alerts.heartbeat.urlFile: the URL in it must begin with http'],
    [{ pagers: [{ kind: 'pigeon' }] }, 'alerts.pagers[0].kind: must be a pager with `kind`: pagerduty'],
    [{ pagers: [{ kind: 'pagerduty' }] }, 'alerts.pagers[0].routingKeyFile: is missing'],
    [
      { pagers: [{ kind: 'pagerduty', routingKeyFile: 'nowhere' }] },
      'nowhere does not exist; give a file that this process can read',
    ],
    [
      { pagers: [{ kind: 'alertmanager', url: 'http://me:hush@am:9093' }] },
      'alerts.pagers[0].url: holds a user or password, which is not supported here',
    ],
    [{ pagers: [{ kind: 'webhook' }] }, 'alerts.pagers[0].url: is missing; give it, or name a file'],
    [
      { pagers: [{ kind: 'webhook', url: 'http://a', adress: 1 }] },
      'alerts.pagers[0].adress: is not a known key; known here: kind, name, routingKeyFile, url',
    ],
    [
      {
        pagers: [
          { kind: 'webhook', url: 'http://a' },
          { kind: 'webhook', url: 'http://b' },
        ],
      },
      'alerts.pagers[1].name: is taken: two pagers are called webhook; name each of them',
    ],
  ])('%j is a mistake: %s', (given, message) => {
    const found = sandbox.problems(alerts(given));
    expect(found).toEqual([expect.stringContaining(message)]);
    expect(found.join()).not.toContain('hush');
  });

  it('is not told about a cluster twice: one without a name makes no route wrong', () => {
    const config = good({
      alerts: { routes: [{ clusters: ['prod'], channel: 'C1' }] },
      clusters: [{ endpoints: ['http://a:1'] }],
    });
    expect(sandbox.problems(config)).toEqual(['clusters[0].name: is missing']);
  });
});

describe('what it takes to tell others', () => {
  const given = alerts({
    heartbeat: { urlFile: 'hook', every: '30s' },
    pagers: [
      { kind: 'pagerduty', routingKeyFile: 'routing-key' },
      { kind: 'alertmanager', url: 'http://am:9093', bearerTokenFile: 'token' },
      { kind: 'webhook', name: 'ours', urlFile: 'hook', secretFile: 'signs' },
      { kind: 'webhook', url: 'https://other.example/' },
    ],
  });

  it('is read from its files, and never shown', () => {
    const { alerts: read } = sandbox.load(given);
    expect(read.heartbeat?.url.reveal()).toBe('https://hooks.example/h00k');
    expect(read.heartbeatEveryMs).toBe(30_000);
    const [pagerDuty, alertmanager, webhook, other] = read.pagers;
    expect(pagerDuty).toMatchObject({ name: 'pagerduty', url: 'https://events.pagerduty.com' });
    expect(pagerDuty?.kind === 'pagerduty' && pagerDuty.routingKey.reveal()).toBe('r0uting');
    expect(alertmanager?.kind === 'alertmanager' && alertmanager.bearerToken?.reveal()).toBe('b3arer');
    expect(webhook).toMatchObject({ kind: 'webhook', name: 'ours' });
    expect(webhook?.kind === 'webhook' && webhook.url.reveal()).toBe('https://hooks.example/h00k');
    expect(webhook?.kind === 'webhook' && webhook.secret?.reveal()).toBe('s1gn');
    expect(other).toMatchObject({ kind: 'webhook', name: 'webhook', secret: null });
    const shown = `${JSON.stringify(read)} ${inspect(read, { depth: 20 })}`;
    for (const secret of ['h00k', 'r0uting', 's1gn', 'b3arer']) expect(shown).not.toContain(secret);
  });

  it.each([
    ['bot', 4, false],
    ['monitor', 0, true],
    ['reader', 0, false],
    ['executor', 0, false],
    ['audit', 0, false],
  ] as const)('is held by the role that tells: %s', (role, pagers, heartbeat) => {
    const { alerts: read } = sandbox.load(given, KEYED, role);
    expect([read.pagers.length, read.heartbeat !== null]).toEqual([pagers, heartbeat]);
  });

  it('need not even be there for other roles', () => {
    const missing = { heartbeat: { urlFile: 'no' }, pagers: [{ kind: 'pagerduty', routingKeyFile: 'no' }] };
    expect(sandbox.problems(alerts(missing), KEYED, 'reader')).toEqual([]);
    expect(sandbox.problems(alerts(missing), KEYED, 'bot')).toHaveLength(1);
    expect(sandbox.problems(alerts(missing), KEYED, 'monitor')).toHaveLength(1);
    expect(sandbox.problems(alerts(missing), KEYED, 'all')).toHaveLength(2);
  });
});
