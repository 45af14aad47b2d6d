import { describe, expect, it } from '@jest/globals';
import { byHand } from '../../../src/domain/maintenance/by-hand.js';
import type { PlannedAct, PlannedGate } from '../../../src/domain/plan.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import { full, healthy, IDS, withEveryStatus, withMembers, withStatus } from '../../facts.js';

function lines(snapshot: Snapshot, act: PlannedAct | PlannedGate, flags: readonly string[] = []) {
  return byHand(snapshot, [{ ...act, id: 's1', label: '' }], { etcdctlFlags: flags }).slice(2, -1);
}

const at = (...hosts: number[]): string =>
  `etcdctl --endpoints=${hosts.map((host) => `https://10.0.0.${String(host)}:2379`).join(',')}`;
const led = withEveryStatus(full(healthy()), { leaderId: IDS[1]! });

describe('the same acts by hand', () => {
  it('begin with a look at every member and end with one at the alarms', () => {
    const all = byHand(full(healthy()), [], { etcdctlFlags: ['--user=root'] });
    expect(all).toEqual([
      'export ETCDCTL_API=3',
      `${at(1, 2, 3)} --user=root endpoint status -w table`,
      `${at(1, 2, 3)} --user=root alarm list`,
    ]);
  });

  it.each<[string, PlannedAct | PlannedGate, string[]]>([
    [
      'back up from a follower',
      { kind: 'backup', directory: '/b', keep: 3 },
      [`${at(1)} snapshot save /b/backup.db`],
    ],
    ['compact through the leader', { kind: 'compact', revision: 7 }, [`${at(2)} compact 7 --physical`]],
    [
      'defragment exactly one member',
      { kind: 'defragment', memberId: IDS[2]! },
      [`${at(3)} defrag --command-timeout=10m`],
    ],
    [
      'ask the leader to hand over to another member',
      { kind: 'move-leader', to: null },
      [`${at(2)} move-leader ${BigInt(IDS[0]!).toString(16)}`],
    ],
    [
      'ask the leader to hand over to the member that was chosen',
      { kind: 'move-leader', to: IDS[2]! },
      [`${at(2)} move-leader ${BigInt(IDS[2]!).toString(16)}`],
    ],
    ['prove a write', { kind: 'write-probe' }, [`${at(2)} put /etcd-steward/probe ok`]],
    ['have no line for a gate', { kind: 'gate', condition: 'below-quota-share', share: 0.9 }, []],
  ])('%s', (_what, act, expected) => {
    expect(lines(led, act)).toEqual(expected);
  });

  it('warn that etcdctl disarms every alarm at once', () => {
    const [line] = lines(led, { kind: 'disarm', alarm: 'NOSPACE', belowShare: 0.9 });
    expect(line).toContain('never while CORRUPT is listed');
  });

  it('hand over to a voter, never to a learner', () => {
    const learning = withStatus(full(healthy()), 'm2', { learner: true });
    const [line] = lines(learning, { kind: 'move-leader', to: null });
    expect(line).toBe(`${at(1)} move-leader ${BigInt(IDS[2]!).toString(16)}`);
  });

  it('back up from the only member there is', () => {
    const [line] = lines(full(withMembers(1)), { kind: 'backup', directory: '/b', keep: 1 });
    expect(line).toBe(`${at(1)} snapshot save /b/backup.db`);
  });
});
