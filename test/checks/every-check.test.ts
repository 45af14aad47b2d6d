import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../src/domain/fact.js';
import type { Check } from '../../src/domain/finding.js';
import type { FactName, Snapshot } from '../../src/domain/snapshot.js';
import {
  full,
  healthy,
  withAlarms,
  withFact,
  withMembers,
  withUnreachable,
  withWriteProbe,
} from '../facts.js';
import { addressUse, poolUse, withAddresses } from '../calico.js';
import { onVersion, publishedAnswers3218 } from '../facts.js';
import { many, hangingPods, withKubernetes } from '../kubernetes-facts.js';

const FOLDER = new URL('../../src/checks/', import.meta.url);
const FACTS: readonly FactName[] = [
  ...(['members', 'status', 'metrics', 'alarms', 'live-keys', 'write-probe', 'ip-pools'] as const),
  ...(['pods', 'nodes', 'calico-parts', 'cron-jobs', 'etcd-pods'] as const),
];

// One after the other: Jest loses modules that several dynamic imports share when they run at once.
const checks: (readonly [id: string, check: Check])[] = [];
for (const file of readdirSync(FOLDER)) {
  const entry = (await import(new URL(file, FOLDER).href)) as { readonly default: Check };
  checks.push([file.replace('.ts', ''), entry.default]);
}

const SNAPSHOTS: readonly (readonly [string, Snapshot])[] = [
  ['a healthy cluster', complete(healthy())],
  ['Calico without an address', withAddresses(healthy(), calicoTrouble())],
  ['the incident', withWriteProbe(full(healthy()), false, 'etcdserver: mvcc: database space exceeded')],
  ['one member', withMembers(1)],
  ['five members', withMembers(5)],
  ['pods that hang', withKubernetes(full(healthy()), { pods: hangingPods(many(12)) })],
  ['a silent member', withUnreachable(healthy(), 'm3')],
  ['etcd 3.2.18', publishedAnswers3218(full(healthy()))],
  ['etcd 3.3.25', onVersion(healthy(), '3.3.25')],
  ['a corrupt cluster', withAlarms(healthy(), [{ memberId: '0', kind: 'CORRUPT' }])],
];

/** With every fact that a cluster can have, and nothing wrong with them. */
function complete(snapshot: Snapshot): Snapshot {
  return withAddresses(withKubernetes(withWriteProbe(snapshot, true)));
}

function calicoTrouble(): ReturnType<typeof addressUse> {
  const node = { node: `node-${'x'.repeat(200)}`, blocks: 20, borrows: false };
  return addressUse({
    pools: [
      poolUse({ name: 'p'.repeat(200), inUse: 1024 }),
      poolUse({ name: 'six', cidr: 'fd00::/48', capacity: 2 ** 80, inUse: 900, huge: true }),
    ],
    starving: [
      { ...node, family: 4, reason: 'strict-affinity' },
      { ...node, family: 6, reason: 'block-limit' },
      { ...node, family: 6, reason: 'no-new-blocks' },
      { ...node, family: 6, reason: 'no-block-left', borrows: true },
    ],
    ...{
      suspectCount: 30_007,
      orphanedBlocks: 7,
      unreadable: 3,
      notRead: ['the IPAM configuration (denied)'],
    },
    ...{ strictAffinity: true },
  });
}

function allDark(): Snapshot {
  return ['m1', 'm2', 'm3'].reduce((snapshot, member) => withUnreachable(snapshot, member), healthy());
}

function unreadAltogether(): Snapshot {
  return FACTS.reduce(
    (snapshot, name) => withFact(snapshot, name, unknown('timeout', 'no answer')),
    healthy(),
  );
}

describe.each(checks)('%s', (_id, check) => {
  it('finds nothing wrong with a healthy cluster', () => {
    const severities = check.run(complete(healthy())).map((one) => one.severity);
    expect(severities.length).toBeGreaterThan(0);
    expect(severities.filter((one) => one !== 'ok' && one !== 'info')).toEqual([]);
  });

  it('never passes where its facts could not be read', () => {
    const observations = check.run(unreadAltogether());
    expect(observations.length).toBeGreaterThan(0);
    expect(observations.filter((one) => one.severity === 'ok' || one.severity === 'info')).toEqual([]);
  });

  it('never passes on a silent cluster, unless what it needs is not read from members', () => {
    if (!check.needs.includes('status') && !check.needs.includes('metrics')) return;
    const passed = check.run(allDark()).filter((one) => one.severity === 'ok' || one.severity === 'info');
    expect(passed).toEqual([]);
  });

  it('says the same with only the facts that it names', () => {
    const named = new Set<string>([...check.needs, ...(check.uses ?? [])]);
    for (const [, snapshot] of SNAPSHOTS) {
      const facts = Object.fromEntries(Object.entries(snapshot.facts).filter(([name]) => named.has(name)));
      expect(check.run({ ...snapshot, facts })).toEqual(check.run(snapshot));
    }
  });

  it.each(SNAPSHOTS)('speaks in short plain sentences about %s', (_name, snapshot) => {
    for (const { summary, evidence = [], advice = 'Wait' } of check.run(snapshot)) {
      expect(summary).toMatch(/^\S.{3,158}\S$/);
      expect(advice).toMatch(/^[A-Z]/);
      expect([summary, advice, ...evidence].join('\n')).not.toMatch(/undefined|NaN|Infinity|null|!|\.$/m);
    }
  });

  it('has the words that a person needs', () => {
    expect(check.title).toMatch(/^[A-Z]/);
    expect(check.why.length).toBeGreaterThan(20);
    expect(check.needs.every((name) => FACTS.includes(name))).toBe(true);
  });
});

it('no two checks share a rank', () => {
  const ranks = checks.map(([, check]) => check.rank);
  expect(new Set(ranks).size).toBe(ranks.length);
});
