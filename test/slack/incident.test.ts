import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeAlertStore } from '../../src/adapters/redis/incidents.js';
import { makeMutes } from '../../src/adapters/redis/mutes.js';
import { makeLedger } from '../../src/adapters/redis/records.js';
import type { Incident } from '../../src/domain/alerting/incident.js';
import {
  incidentClicked,
  muteSubmitted,
  type IncidentButton,
  type IncidentClickDeps,
} from '../../src/slack/incident.js';
import { typed } from '../../src/slack/dispatch.js';
import { removeDuplicate } from '../../src/slack/app/duplicate.js';
import { oneRedis } from '../redis.js';
import { from, HERE, makeDesk, TEAM, wordsOf, type Desk } from './desk.js';
import { everyIncident, firing } from './incidents.js';

const redis = oneRedis();
let desk: Desk;
let deps: IncidentClickDeps;

beforeEach(() => {
  desk = makeDesk(redis);
  desk.clusters = desk.clusters.map((cluster) => ({ ...cluster, channels: [HERE] }));
  deps = {
    ...desk.deps,
    clusters: desk.clusters,
    alerts: makeAlertStore(redis.client),
    mutes: makeMutes(redis.client),
    ledger: makeLedger(redis.client),
  };
});

const ROOT = 'incident:inc-5tR2bQ';

async function stored(changes: Partial<Incident> = {}): Promise<void> {
  const incident = firing({ cluster: desk.clusters[0]!.name, channel: HERE, ...changes });
  await deps.alerts.swap(incident.cluster, (book) => ({ ...book, incidents: [incident] }));
}

async function posted(): Promise<void> {
  await deps.ledger.keep(ROOT, { version: 1, channel: HERE, ts: '11.0' });
}

function clickOf(userId: string, channel: string | null = HERE) {
  return { incidentId: 'inc-5tR2bQ', actor: { teamId: TEAM, userId }, channel };
}

const click = (button: IncidentButton, userId = 'U1', channel: string | null = HERE) =>
  incidentClicked(deps, button, clickOf(userId, channel));

const now = () => deps.alerts.incident('inc-5tR2bQ');

describe('a click on an incident', () => {
  it('acknowledges it, and says so', async () => {
    await stored();
    expect(wordsOf(await click('acknowledge'))).toContain('You are on it');
    expect(await now()).toMatchObject({ acknowledged: { by: { userId: 'U1' } } });
  });

  it.each<[IncidentButton, string]>([
    ['acknowledge', 'U7'],
    ['mute', 'U7'],
    ['fix', 'U7'],
    ['details', 'U9'],
    ['diagnose', 'U9'],
  ])('%s by %s, who may not, is refused with the rule', async (button, user) => {
    await stored();
    expect(wordsOf(await click(button, user))).toMatch(/You are not among the .*policy\./);
    expect(await now()).not.toHaveProperty('acknowledged');
    expect(desk.seen.jobs).toEqual([]);
  });

  it('from another channel is refused', async () => {
    await stored();
    expect(wordsOf(await click('details', 'U1', 'C0ELSE'))).toContain('not handled in this channel');
  });

  it('details tells all to whoever may look, also at home', async () => {
    await stored(everyIncident()['nospace']);
    await stored({ signals: everyIncident()['nospace']!.signals, version: 2 });
    const words = wordsOf(await click('details', 'U7'));
    expect(words).toContain('alarm-nospace');
    expect(words).toContain('quota-forecast');
    expect(wordsOf(await click('details', 'U7', null))).toContain('alarm-nospace');
    expect(wordsOf(await click('details', 'U9', null))).toContain('not a member');
  });

  it('diagnose asks into the incident’s thread', async () => {
    await stored();
    await posted();
    expect(await click('diagnose', 'U7')).toBeNull();
    expect(desk.seen.jobs).toMatchObject([
      { question: { verb: 'diagnose', place: { channel: HERE, thread: '11.0' } } },
    ]);
  });

  it('fix asks why first, and its card will stand in the thread', async () => {
    await stored();
    await posted();
    const reply = await click('fix');
    if (reply?.kind !== 'form') throw new Error('no form');
    const draft = await deps.drafts.take(reply.view.private_metadata ?? '');
    expect(draft).toMatchObject({ verb: 'fix', place: { channel: HERE, thread: '11.0' } });
  });

  it.each<[string, Partial<Incident>, RegExp]>([
    ['is over', { state: 'resolved' }, /is over/],
    ['has no runbook', { signals: everyIncident()['warning']!.signals }, /No runbook helps/],
  ])('fix on one that %s is told so', async (_what, changes, words) => {
    await stored(changes);
    expect(wordsOf(await click('fix'))).toMatch(words);
  });

  it('on one that is forgotten is told where the others are', async () => {
    const reply = await incidentClicked(deps, 'details', { ...clickOf('U1'), incidentId: 'inc-0' });
    expect(wordsOf(reply)).toContain('/etcd incidents');
  });

  it('on one that is over opens no form to mute it', async () => {
    await stored({ state: 'resolved' });
    expect(wordsOf(await click('mute'))).toContain('nothing to mute');
  });
});

describe('muting by a command', () => {
  const why = '--reason known';
  it.each([
    [`mute calico-prod alarm-nospace --for 30m ${why}`, 'calico-prod', { rule: 'alarm-nospace', for: '30m' }],
    [`mute ${why}`, 'calico-prod', { reason: 'known' }],
    [`mute all monitor-blind ${why}`, null, { all: true, rule: 'monitor-blind' }],
    ['unmute all', null, { all: true }],
    ['unmute --all monitor-blind', null, { all: true, rule: 'monitor-blind' }],
  ])('%s', async (text, cluster, options) => {
    expect(await typed(deps, from('U1'), text)).toBeNull();
    expect(desk.seen.jobs).toMatchObject([{ question: { cluster, options } }]);
  });

  it('asks why where nobody said so', async () => {
    expect(await typed(deps, from('U1'), 'mute')).toMatchObject({ kind: 'form' });
  });
});

describe('muting an incident', () => {
  const request = { ...clickOf('U1'), forMs: 3_600_000, reason: 'the fix is on its way' };

  it('opens a form that knows where it was asked', async () => {
    await stored();
    const view = { callback_id: 'incident.mute', private_metadata: `inc-5tR2bQ ${HERE}` };
    expect(await click('mute')).toMatchObject({ kind: 'form', view });
  });

  it('mutes what fires in it', async () => {
    await stored();
    expect(await muteSubmitted(deps, request)).toBeNull();
    expect(await deps.mutes.list(Date.now())).toMatchObject([
      { rule: 'alarm-nospace', reason: 'the fix is on its way', by: { userId: 'U1' } },
    ]);
  });

  it('is refused where the right was lost meanwhile', async () => {
    await stored();
    const reply = await muteSubmitted(deps, { ...request, actor: { teamId: TEAM, userId: 'U7' } });
    expect(wordsOf(reply)).toMatch(/You are not among/);
    expect(await deps.mutes.list(Date.now())).toEqual([]);
  });
});

describe('an incident that was posted twice', () => {
  it.each([
    ['the one that is not kept up to date goes', '22.0', HERE, ROOT, ['22.0']],
    ['the one that is kept stays', '11.0', HERE, ROOT, []],
    ['a message of another channel stays', '22.0', 'C0ELSE', ROOT, []],
    ['a message that is no incident stays', '22.0', HERE, 'operation:op1', []],
    ['a message of an incident that is not known stays', '22.0', HERE, 'incident:inc-0', []],
  ])('%s', async (_what, ts, channel, marker, gone) => {
    await posted();
    const removed: string[] = [];
    const messenger = {
      ...({} as Parameters<typeof removeDuplicate>[0]['messenger']),
      remove: async (at: { ts: string }) => {
        removed.push(at.ts);
        return { ok: true as const, ts: at.ts };
      },
    };
    await removeDuplicate({ ...deps, messenger }, channel, { ts, blocks: [{ block_id: marker }] });
    expect(removed).toEqual(gone);
  });
});
