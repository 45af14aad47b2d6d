import { describe, expect, it } from '@jest/globals';
import { makeAlertStore } from '../../../src/adapters/redis/incidents.js';
import { makeMutes } from '../../../src/adapters/redis/mutes.js';
import type { AlertBook, Incident, Mute } from '../../../src/domain/alerting/incident.js';
import { oneRedis } from '../../redis.js';

const redis = oneRedis();
const store = () => makeAlertStore(redis.client);

function incidentOf(changes: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    version: 1,
    cluster: 'c',
    environment: null,
    cause: 'space',
    state: 'firing',
    severity: 'warning',
    worst: 'warning',
    since: 1,
    openedAt: Date.now(),
    changedAt: 1,
    signals: [],
    events: [],
    remindedAt: [],
    channel: 'C1',
    picture: null,
    ...changes,
  };
}

const having =
  (...incidents: readonly Incident[]) =>
  (book: AlertBook): AlertBook => ({ ...book, incidents });
const rows = () => redis.client.hgetall('{steward}:outbox');

describe('a book of alerts', () => {
  it('is empty for a cluster that was never watched, and written only where something changed', async () => {
    expect(await store().load('c')).toMatchObject({ version: 0, rules: {}, incidents: [] });
    expect(await store().swap('c', () => null)).toEqual([]);
    expect(await redis.client.keys('*alerts*')).toEqual([]);
  });

  it('gives back the incidents that have grown, and leaves their rows whatever happens to the process', async () => {
    const one = incidentOf();
    expect(await store().swap('c', having(one))).toEqual([one]);
    expect(await store().swap('c', having(one))).toEqual([]);
    expect(await rows()).toEqual({ 'incident i1': '1' });
    await store().swap('c', having({ ...one, version: 2, worst: 'critical' }));
    expect(await rows()).toEqual({ 'incident i1': '2', 'page i1': '2' });
    expect(await store().incident('i1')).toMatchObject({ version: 2 });
  });

  it('loses nothing when many change it at once', async () => {
    const more = (book: AlertBook): AlertBook => ({
      ...book,
      incidents: [...book.incidents, incidentOf({ id: `i${String(book.incidents.length + 1)}` })],
    });
    await Promise.all(Array.from({ length: 12 }, () => store().swap('c', more)));
    expect(await store().load('c')).toMatchObject({ version: 12 });
    expect(new Set((await store().open()).map(({ id }) => id)).size).toBe(12);
  });

  it('keeps what has ended for a quarter of a year, and no longer lists it as open', async () => {
    const one = incidentOf({ openedAt: Date.now() - 1000 });
    await store().swap('c', having(one));
    await store().swap('d', having(incidentOf({ id: 'i2', cluster: 'd' })));
    await store().swap('c', having({ ...one, version: 2, state: 'resolved' }));
    await store().swap('c', having());
    expect((await store().open()).map(({ id }) => id)).toEqual(['i2']);
    expect((await store().recent(5)).map(({ id }) => id)).toEqual(['i2', 'i1']);
    expect((await store().recent(5, 'c')).map(({ id }) => id)).toEqual(['i1']);
    expect(await redis.client.ttl('{steward}:incident:i1')).toBeGreaterThan(89 * 86_400);
    expect(await redis.client.ttl('{steward}:incident:i2')).toBe(-1);
  });

  it('answers outlooks in the order they were asked for', async () => {
    const outlook = { cluster: 'c', at: 1 } as Parameters<ReturnType<typeof store>['saveOutlook']>[0];
    await store().saveOutlook(outlook);
    expect(await store().outlooks(['d', 'c'])).toEqual([null, outlook]);
    expect(await store().outlooks([])).toEqual([]);
  });
});

describe('mutes', () => {
  const mute: Mute = {
    cluster: 'c',
    rule: 'nospace',
    until: 2000,
    by: { teamId: 'T', userId: 'U' },
    reason: 'known',
    at: 1000,
  };

  it('hold until their time, and are lifted once', async () => {
    const mutes = makeMutes(redis.client);
    await mutes.set(mute);
    expect([await mutes.list(1999), await mutes.list(2000)]).toEqual([[mute], []]);
    const lifted = await Promise.all([mutes.lift('c', 'nospace'), mutes.lift('c', 'nospace')]);
    expect(lifted.filter(Boolean)).toEqual([mute]);
  });

  it('that are over are forgotten with the next', async () => {
    const mutes = makeMutes(redis.client);
    await mutes.set(mute);
    await mutes.set({ ...mute, rule: '*', at: 3000, until: 4000 });
    expect(await redis.client.hkeys('{steward}:mutes')).toEqual(['* c']);
  });
});
