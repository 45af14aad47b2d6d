import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { disarmAll, raiseCorrupt } from '../faults/etcd-by-hand.js';
import { CLUSTER } from './configuration.js';
import { startEars, type Ears } from './ears.js';
import { isRoot, replyThat, repliesTo, rootsIn } from './incidents.js';
import { aScene, WORKSPACE } from './scene.js';
import { ask, buttonsOf, cardTells, headerOf, markerOf, press, refused, textOf, whispered } from './talk.js';

const ONCALL = 'S0ONCALL';
const KEY = 'a-routing-key';

describe('What is told is steered', () => {
  let ears: Ears;
  beforeAll(async () => {
    ears = await startEars();
  });
  afterAll(() => ears.stop());
  const scene = aScene({
    slack: {
      channels: [...WORKSPACE.channels, { name: 'oncall' }],
      userGroups: { [ONCALL]: ['anna'] },
    },
    settings: ({ directory, slack: { channels } }) => ({
      alerts: alertsTo(ears.url, { directory, channels }),
    }),
  });
  let warning: Message;

  it('the heartbeat is heard while all is well', async () => {
    await until(() => ears.heard('/beat').length > 1, { what: 'it has beaten twice' });
    expect(ears.heard('/hook')).toEqual([]);
  });

  it('a warning goes to the cluster’s own channel, and is recalled while nobody acknowledges it', async () => {
    await scene.etcd.members[2]?.kill();
    warning = await scene.drive.waitForMessage('platform', isRoot);
    expect(headerOf(warning)).toContain(`Warning · ${CLUSTER}`);
    const reminder = await replyThat(scene, warning, /Still firing after .* Nobody has acknowledged it/);
    expect(textOf(reminder)).toContain('⏰');
  });

  it('is muted from its message by whoever may, with how long and why', async () => {
    const no = await whispered(scene, 'vera', () => press(scene, 'vera', warning, 'incident.mute'));
    expect(no).toContain('You are not among');
    expect(scene.drive.modal('vera')).toBeUndefined();
    await press(scene, 'olga', warning, 'incident.mute');
    await scene.drive.waitForModal((view) => view.callback_id === 'incident.mute');
    const unsaid = await scene.drive.submitView({ user: 'olga', values: { reason: { reason: ' ' } } });
    expect(unsaid.errors).toEqual({ reason: 'Say why, in a few words.' });
    await scene.drive.submitView({
      user: 'olga',
      values: { for: { for: '4h' }, reason: { reason: 'the rack is moved' } },
    });
    const muted = textOf(await cardTells(scene, warning, /Muted by/));
    expect(muted).toContain(`<@${scene.slack.users['olga'] ?? ''}>`);
    expect(muted).toContain('the rack is moved');
  });

  it('what is muted is listed, with who did it until when, and told again when that is lifted', async () => {
    const listed = textOf((await ask(scene, { text: 'incidents', user: 'vera' })).message);
    expect(listed).toContain(`<@${scene.slack.users['olga'] ?? ''}>`);
    expect(listed).toMatch(/until <!date\^\d+/);
    expect(listed).toContain('the rack is moved');
    expect(await refused(scene, { text: 'unmute', user: 'vera' })).toContain('You are not among');
    const lifted = textOf((await ask(scene, { text: 'unmute' })).message);
    expect(lifted).toContain('is told again');
    await until(async () => !textOf((await rootsIn(scene))[0] ?? warning).includes('Muted by'), {
      what: 'the message says no more that it is muted',
    });
  });

  it('is muted by a command, too, rule by rule', async () => {
    const text = 'mute calico members-down --for 30m --reason "we know"';
    expect(await refused(scene, { text, user: 'vera' })).toContain('You are not among');
    const done = (await ask(scene, { text })).message;
    expect(headerOf(done)).toContain(`members-down of ${CLUSTER} is muted`);
    await cardTells(scene, warning, /Muted by/);
    const listed = textOf((await ask(scene, { text: 'incidents' })).message);
    expect(listed).toContain('/etcd unmute calico-prod members-down');
    expect(listed).toContain('we know');
  });

  describe('what is critical', () => {
    let critical: Message;

    it('goes where its route leads, and to every pager', async () => {
      await raiseCorrupt(scene.etcd, 'm1');
      critical = await scene.drive.waitForMessage('elsewhere', isRoot);
      expect(headerOf(critical)).toContain('Critical');
      expect(buttonsOf(critical)).toContain('incident.acknowledge');
      await until(() => acts().length === 1 && events().length === 1, { what: 'the pagers were told' });
      expect(await rootsIn(scene)).toHaveLength(1);
    });

    it('calls the group, and another channel, when nobody acknowledges it in time', async () => {
      const called = await until(
        async () => (await repliesTo(scene, critical, 'elsewhere')).find((one) => textOf(one).includes('📣')),
        { what: 'somebody is called' },
      );
      expect(textOf(called)).toContain(`<!subteam^${ONCALL}>`);
      expect(textOf(called)).toContain('Nobody has acknowledged this for');
      const there = await scene.drive.waitForMessage('oncall', (one) => textOf(one).includes(CLUSTER));
      expect(textOf(there)).toContain(`<#${scene.slack.channels['elsewhere'] ?? ''}>`);
      expect(await scene.drive.messages('oncall')).toHaveLength(1);
    });

    it('is acknowledged where it stands, and the pagers are told', async () => {
      const at = { user: 'olga', channel: 'elsewhere', ts: critical.ts };
      const said = await whispered(scene, 'olga', () =>
        scene.drive.click({ ...at, actionId: 'incident.acknowledge' }),
      );
      expect(said).toContain('You are on it');
      await until(() => acts().length === 2 && events().length === 2, { what: 'the pagers know' });
    });

    it('is looked into from there, too: its other buttons work where its route led it', async () => {
      const at = { user: 'olga', channel: 'elsewhere', ts: critical.ts };
      const details = await whispered(scene, 'olga', () =>
        scene.drive.click({ ...at, actionId: 'incident.details' }),
      );
      expect(details).toContain('CORRUPT');
      await scene.drive.click({ ...at, actionId: 'incident.diagnose' });
      await scene.drive.waitForMessage(
        'elsewhere',
        (message) => message.thread_ts === critical.ts && markerOf(message).startsWith('answer:'),
      );
    });

    it('ends for the pagers, too: each was told each thing once, by one key', async () => {
      await disarmAll(scene.etcd);
      await until(() => acts().length === 3 && events().length === 3, {
        what: 'the pagers know',
        timeoutMs: 20_000,
      });
      const id = markerOf(critical).slice('incident:'.length);
      expect(acts()).toEqual(['trigger', 'acknowledge', 'resolve'].map((act) => [id, act]));
      expect(events()).toEqual(['trigger', 'acknowledge', 'resolve'].map((act) => [KEY, id, act]));
      expect(ears.heard('/hook')[0]?.body).toMatchObject({
        cluster: CLUSTER,
        severity: 'critical',
        rule: 'corrupt',
      });
    });
  });

  function acts(): readonly (readonly unknown[])[] {
    return ears.heard('/hook').map(({ body }) => [body['key'], body['act']]);
  }

  function events(): readonly (readonly unknown[])[] {
    const told = ears.heard('/v2/enqueue').map(({ body }) => body);
    return told.map((body) => [body['routing_key'], body['dedup_key'], body['event_action']]);
  }
});

interface Around {
  readonly directory: string;
  readonly channels: Readonly<Record<string, string>>;
}

function alertsTo(url: string, { directory, channels }: Around): Readonly<Record<string, unknown>> {
  const routingKeyFile = join(directory, 'routing-key');
  writeFileSync(routingKeyFile, `${KEY}\n`, { mode: 0o600 });
  return {
    thresholds: { 'members-down': { for: '1s' } },
    routes: [{ severities: ['critical'], channel: channels['elsewhere'] }],
    reminders: { first: '2s', most: '1d' },
    escalation: { after: '2s', groups: [ONCALL], channel: channels['oncall'] },
    heartbeat: { url: `${url}/beat`, every: '500ms' },
    pagers: [
      { kind: 'webhook', url: `${url}/hook` },
      { kind: 'pagerduty', url, routingKeyFile },
    ],
  };
}
