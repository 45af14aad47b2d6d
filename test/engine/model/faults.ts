import type { Alarm } from '../../../src/domain/snapshot.js';
import { GIB, IDS } from '../../facts.js';
import type { CallKind, Cluster, Fault, Member } from './cluster.js';

export const READS: ReadonlySet<CallKind> = new Set<CallKind>([
  'status',
  'memberList',
  'alarms',
  'metrics',
  'countKeys',
  'hasCompacted',
  'snapshot',
  'pods',
  'events',
  'nodes',
  'watch',
]);

/** What becomes of one call. */
export const CALL_FAULTS: Readonly<Record<string, NonNullable<Fault>>> = {
  'is refused': { code: 'denied', done: false },
  'never gets through': { code: 'unreachable', done: false },
  'breaks off before it is done': { code: 'unavailable', done: false },
  'breaks off after it was done': { code: 'unavailable', done: true },
  'gets no answer and is not done': { code: 'timeout', done: false },
  'gets no answer and is done': { code: 'timeout', done: true },
  'gets no answer, and the server goes on': { code: 'timeout', done: true, goesOn: true },
};

/** What happens to the cluster just before one call; `later` undoes it after a while, by itself. */
export interface Happening {
  happens(cluster: Cluster, now: number): void;
  readonly lastsMs?: number;
  readonly later?: (cluster: Cluster, now: number) => void;
}

const member = (cluster: Cluster, name: string): Member => {
  const found = cluster.members.find((one) => one.name === name);
  if (!found) throw new Error(`no member ${name}`);
  return found;
};

function goesDown(name: string): (cluster: Cluster) => void {
  return (cluster) => {
    const gone = member(cluster, name);
    // What it was at dies with it.
    Object.assign(gone, { up: false, busyUntil: null });
    elect(cluster);
  };
}

/** And catches up with what the others have agreed on. */
function comesBack(name: string): (cluster: Cluster, now: number) => void {
  return (cluster, now) => {
    const compactedAt = Math.max(...cluster.members.map((one) => one.compactedAt));
    const counters = { startedAt: now, defragmentations: 0, compactions: 0 };
    Object.assign(member(cluster, name), { up: true, compactedAt, ...counters });
    elect(cluster);
  };
}

/** A leader that lives goes on; else the first member that is up, where there is a majority. */
function elect(cluster: Cluster): void {
  const up = cluster.members.filter((one) => one.up);
  const lives = up.some(({ id }) => id === cluster.leader);
  if (lives && up.length * 2 > cluster.listed.length) return;
  cluster.leader = up.length * 2 > cluster.listed.length ? (up[0]?.id ?? null) : null;
  cluster.term += 1;
}

function raise(kind: Alarm['kind'], index: number): (cluster: Cluster) => void {
  return (cluster) => void (cluster.alarms = [...cluster.alarms, { memberId: IDS[index] ?? '', kind }]);
}

export const HAPPENINGS: Readonly<Record<string, Happening>> = {
  'another member leads': {
    happens: (cluster) => {
      const next = cluster.members.find(({ id, up }) => up && id !== cluster.leader);
      Object.assign(cluster, { leader: next?.id ?? null, term: cluster.term + 1 });
    },
  },
  'nobody leads for a while': {
    happens: (cluster) => void Object.assign(cluster, { leader: null, term: cluster.term + 1 }),
    lastsMs: 5000,
    later: elect,
  },
  'm3 goes down': { happens: goesDown('m3') },
  'm2 goes down for a while': { happens: goesDown('m2'), lastsMs: 30_000, later: comesBack('m2') },
  'the leader goes down for a while': { happens: goesDown('m1'), lastsMs: 30_000, later: comesBack('m1') },
  'm2 restarts': {
    happens: (cluster, now) => {
      goesDown('m2')(cluster);
      comesBack('m2')(cluster, now);
    },
  },
  'CORRUPT is raised': { happens: raise('CORRUPT', 0) },
  'NOSPACE is raised once more': { happens: raise('NOSPACE', 1) },
  'somebody else defragments m3': {
    happens: (cluster, now) =>
      void Object.assign(member(cluster, 'm3'), { busyUntil: now + 60_000, foreign: true }),
  },
  'm3 falls behind for a while': {
    happens: (cluster) => void (member(cluster, 'm3').gap = 9000),
    lastsMs: 30_000,
    later: (cluster) => void (member(cluster, 'm3').gap = 0),
  },
  'a member is added': {
    happens: (cluster) =>
      void cluster.listed.push({ id: IDS[4] ?? '', name: '', clientUrls: [], learner: false }),
  },
  'somebody else compacts': {
    happens: (cluster) => {
      for (const one of cluster.members)
        Object.assign(one, { compactedAt: cluster.revision, compactions: one.compactions + 1 });
    },
  },
  'it runs full again': {
    happens: (cluster) => {
      for (const one of cluster.members) Object.assign(one, { sizeBytes: 2.1 * GIB, liveBytes: 2.1 * GIB });
      raise('NOSPACE', 2)(cluster);
    },
  },
};

/** Those that name no member that a cluster of so many does not have. */
export function happeningsWith(members: number): readonly [string, Happening][] {
  return Object.entries(HAPPENINGS).filter(([what]) => Number(/\bm(\d)/.exec(what)?.[1] ?? 1) <= members);
}

/** For good, and slow to walk: what is waited for never comes. */
export const LASTING: Readonly<Record<string, Happening>> = {
  'the quorum is lost': {
    happens: (cluster) => {
      for (const { name } of cluster.members.slice(-2)) goesDown(name)(cluster);
    },
  },
  'nobody leads any more': { happens: (cluster) => void (cluster.leader = null) },
};
