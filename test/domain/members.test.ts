import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../src/domain/fact.js';
import { DEFAULT_QUOTA_BYTES, membersOf } from '../../src/domain/members.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { hexId } from '../../src/domain/units.js';
import {
  full,
  GIB,
  healthy,
  IDS,
  withEveryMetrics,
  withFact,
  withListed,
  withStatus,
  withUnreachable,
} from '../facts.js';

const NAMES = ['https://a.example:2379', 'https://b.example:2379', 'https://c.example:2379'];

function labels(snapshot: Snapshot): readonly string[] {
  return membersOf(snapshot).map((member) => member.label);
}

/** The same cluster, its endpoints configured by names that no member advertises. */
function byName(snapshot: Snapshot): Snapshot {
  const text = NAMES.reduce(
    (json, name, index) =>
      json.replaceAll(`"endpoint":"https://10.0.0.${String(index + 1)}:2379"`, `"endpoint":"${name}"`),
    JSON.stringify({ status: snapshot.facts.status, metrics: snapshot.facts.metrics }),
  );
  const renamed = JSON.parse(text) as Pick<Snapshot['facts'], 'status' | 'metrics'>;
  return { ...snapshot, endpoints: NAMES, facts: { ...snapshot.facts, ...renamed } };
}

describe('joining what a snapshot knows of each member', () => {
  it('gives one view for each member, with name, id and role', () => {
    const views = membersOf(healthy()).map(({ label, id, role }) => [label, id, role]);
    expect(views).toEqual([
      ['m1', IDS[0], 'leader'],
      ['m2', IDS[1], 'follower'],
      ['m3', IDS[2], 'follower'],
    ]);
  });

  it('matches by the id in Status, whatever the endpoint is called', () => {
    expect(labels(byName(healthy()))).toEqual(['m1', 'm2', 'm3']);
  });

  it('matches a silent member by its client URL', () => {
    expect(labels(withUnreachable(withUnreachable(healthy(), 'm1'), 'm3'))).toEqual(['m1', 'm2', 'm3']);
  });

  it('matches the one endpoint and the one member that are left over', () => {
    expect(labels(byName(withUnreachable(healthy(), 'm3')))).toEqual(['m1', 'm2', 'm3']);
  });

  it('knows silent endpoints by who answered there last', () => {
    const snapshot = byName(withUnreachable(withUnreachable(healthy(), 'm2'), 'm3'));
    const [, second = '', third = ''] = snapshot.endpoints;
    const lastOwners = { [second]: IDS[1] ?? '', [third]: IDS[2] ?? '' };
    expect(labels({ ...snapshot, lastOwners })).toEqual(['m1', 'm2', 'm3']);
  });

  it('does not guess where two are left over', () => {
    const snapshot = byName(withUnreachable(withUnreachable(healthy(), 'm2'), 'm3'));
    expect(labels(snapshot)).toEqual(['m1', 'b.example:2379', 'c.example:2379', 'm2', 'm3']);
  });

  it('shows a listed member that no endpoint leads to', () => {
    const view = membersOf(withListed(healthy(), { name: 'm9' })).at(-1);
    expect(view).toMatchObject({ label: 'm9', endpoint: null, role: 'unknown', started: true, share: null });
    expect(view?.status).toMatchObject({ known: false, code: 'not-read' });
  });

  it('knows a member that was added and never started, by its id in hex', () => {
    const view = membersOf(withListed(healthy(), { name: '', clientUrls: [] })).at(-1);
    expect(view).toMatchObject({ label: hexId(IDS[4] ?? ''), started: false });
  });

  it('takes two endpoints of one member for one', () => {
    expect(labels(withStatus(healthy(), 'm2', { memberId: IDS[0] ?? '' }))).toEqual(['m1', 'm3', 'm2']);
  });

  it('names members by their endpoint where the list is unknown', () => {
    const blind = withFact(healthy(), 'members', unknown('timeout', 'no answer'));
    expect(labels(blind)).toEqual(['10.0.0.1:2379', '10.0.0.2:2379', '10.0.0.3:2379']);
  });

  it.each([
    ['by its own word', withStatus(healthy(), 'm3', { learner: true })],
    ['by the list', withListed(healthy(), { learner: true })],
  ])('knows a learner %s', (_case, snapshot) => {
    expect(membersOf(snapshot).at(-1)?.role).toBe('learner');
  });

  it('gives each member its own alarms', () => {
    expect(membersOf(full(healthy())).map((member) => member.alarms)).toEqual([['NOSPACE'], [], []]);
  });
});

describe('the quota of a member', () => {
  const silent = withEveryMetrics(healthy(), { quotaBytes: null });
  it.each([
    ['Status before metrics', withStatus(healthy(), 'm1', { quotaBytes: 4 * GIB }), 4 * GIB, 'status'],
    ['metrics before the configuration', { ...healthy(), configuredQuotaBytes: 8 * GIB }, 2 * GIB, 'metrics'],
    [
      'a zero in Status is no quota at all',
      withStatus(healthy(), 'm1', { quotaBytes: 0 }),
      2 * GIB,
      'metrics',
    ],
    [
      'the configuration before the default',
      { ...silent, configuredQuotaBytes: 8 * GIB },
      8 * GIB,
      'configuration',
    ],
    ['the default at last', silent, DEFAULT_QUOTA_BYTES, 'default'],
    ['a negative one in Status: none', withStatus(healthy(), 'm1', { quotaBytes: -1 }), Infinity, 'status'],
    ['a negative one in metrics: none', withEveryMetrics(healthy(), { quotaBytes: -1 }), Infinity, 'metrics'],
  ])('%s', (...[_case, snapshot, bytes, source]) => {
    expect(membersOf(snapshot)[0]?.quota).toMatchObject({ bytes, source });
  });

  it('has no share where the size was not read', () => {
    expect(membersOf(withUnreachable(healthy(), 'm1'))[0]?.share).toBeNull();
  });
});
