import { beforeEach, describe, expect, it } from '@jest/globals';
import alarms from '../../src/collectors/alarms.js';
import certificates from '../../src/collectors/certificates.js';
import members from '../../src/collectors/members.js';
import metrics from '../../src/collectors/metrics.js';
import status from '../../src/collectors/status.js';
import type { Collector } from '../../src/domain/collector.js';
import { TargetError } from '../../src/domain/errors.js';
import type { MemberSample } from '../../src/domain/ports.js';
import type { MemberCounters, MemberStatus, Snapshot } from '../../src/domain/snapshot.js';
import { sample, type SampleDeps } from '../../src/engine/sample.js';
import { CLUSTER_ID, healthyMetrics, healthyStatus } from '../facts.js';

const T0 = 1_795_452_400_000;
const none: MemberCounters = {
  ...{ hasLeader: true, leaderChanges: 0, proposalsFailed: 0, proposalsPending: 0, slowApplies: 0 },
  ...{ peerSendFailures: 0, requests: null, walFsync: null, backendCommit: null, peerRoundTrip: null },
  ...{ unaryRequests: null, openFiles: null, mostOpenFiles: null },
};

/** One member, whose answers a test sets, and what was asked of it; the stores are plain memory. */
interface Stage {
  now: number;
  status: Partial<MemberStatus> | TargetError;
  leaderChanges: number;
  alarms: () => Promise<[]>;
  readonly asked: string[];
  readonly added: { at: number; members: Readonly<Record<string, MemberSample>> }[];
  saved: Snapshot | null;
  readonly tried: number[];
}

const held: { stage?: Stage } = {};
const here = (): Stage => held.stage!;

beforeEach(() => {
  held.stage = {
    ...{ now: T0, status: {}, leaderChanges: 0, alarms: async () => [] },
    ...{ asked: [], added: [], saved: null, tried: [] },
  };
});

const catalogue = new Map<string, Collector>(
  Object.entries({ alarms, certificates, members, metrics, status }) as [string, Collector][],
);

const cluster = { name: 'prod', endpoints: ['http://m1'], clusterId: null, quotaBytes: null };

function member() {
  const told = async <T>(what: string, answer: () => T | Promise<T>): Promise<T> => {
    here().asked.push(what);
    return answer();
  };
  return {
    endpoint: 'http://m1',
    status: () =>
      told('status', () => {
        const { status: given } = here();
        if (given instanceof TargetError) throw given;
        return { ...healthyStatus('1'), clusterId: CLUSTER_ID, memberId: '1', ...given };
      }),
    memberList: () => told('members', () => []),
    alarms: () => told('alarms', here().alarms),
    metrics: () =>
      told('metrics', () => ({
        ...healthyMetrics(),
        counters: { ...none, leaderChanges: here().leaderChanges },
      })),
    certificates: () => told('certificates', () => []),
  };
}

function deps(): SampleDeps {
  const stage = here();
  return {
    metricsIntervalMs: 60_000,
    collectors: catalogue,
    clock: { now: () => stage.now, pause: async () => undefined },
    access: { reader: () => ({ members: [member()] }) },
    samples: {
      newest: async () => stage.saved,
      save: async (snapshot: Snapshot) => void (stage.saved = snapshot),
      pin: async (_cluster: string, id: string) => id,
      pinned: async () => CLUSTER_ID,
      owners: async () => ({ 'http://m1': '1' }),
      remember: async () => undefined,
    },
    series: {
      add: async (_cluster: string, at: number, of: object) =>
        void stage.added.push({ at, members: of as never }),
    },
    fleet: { markTried: async (_cluster: string, at: number) => void stage.tried.push(at) },
  } as unknown as SampleDeps;
}

/** What was asked of the member, second by second. */
async function askedAt(...seconds: number[]): Promise<string[][]> {
  const rounds: string[][] = [];
  for (const second of seconds) {
    here().now = T0 + second * 1000;
    here().asked.length = 0;
    await sample(deps(), cluster as never);
    rounds.push([...here().asked].sort());
  }
  return rounds;
}

describe('a sample', () => {
  it('reads Status every time, metrics when they are due, certificates once an hour, and proposes nothing', async () => {
    const [first, soon, minute, hour] = await askedAt(0, 15, 60, 3600);
    expect(first).toEqual(['certificates', 'members', 'metrics', 'status']);
    expect(soon).toEqual(['members', 'status']);
    expect(minute).toEqual(['members', 'metrics', 'status']);
    expect(hour).toEqual(['certificates', 'members', 'metrics', 'status']);
  });

  it('spreads what began together over the interval, and lets no cluster wait longer than that', async () => {
    const reads = new Array<number>(21).fill(0);
    for (let index = 0; index < 40; index++) {
      here().saved = null;
      for (let round = 0, last = 0; round < reads.length; round++) {
        here().now = T0 + round * 15_000;
        const { metricsRead } = await sample(deps(), { ...cluster, name: `fleet-${index}` } as never);
        if (metricsRead) reads[(last = round)]! += 1;
        expect(round - last).toBeLessThan(4);
      }
    }
    expect(reads[0]).toBe(40);
    expect(Math.max(...reads.slice(-4))).toBeLessThan(15);
    expect(reads.slice(-4).reduce((sum, count) => sum + count)).toBe(40);
  });

  it('keeps what was not read now, with the moment when it was read', async () => {
    await askedAt(0, 15);
    const { facts } = here().saved!;
    expect([facts.status!.at, facts.alarms!.at]).toEqual([T0 + 15_000, T0 + 15_000]);
    expect([facts.metrics!.at, facts.certificates!.at]).toEqual([T0, T0]);
  });

  it('asks for alarms once a minute where Status cannot say them, and keeps the answer in between', async () => {
    here().status = { errors: null, version: '3.3.25' };
    const rounds = await askedAt(0, 15, 30, 45, 60, 75);
    expect(rounds.map((asked) => asked.includes('alarms'))).toEqual([true, false, false, false, true, false]);
    expect(here().saved!.facts.alarms).toMatchObject({ known: true, at: T0 + 60_000 });
  });

  it.each([
    ['is refused', new TargetError('denied', 'm1', 'no'), 2],
    ['finds nobody who could be asked', new TargetError('unreachable', 'm1', 'away'), 0],
  ])('asks for alarms once a minute where Status %s', async (_how, failure, times) => {
    here().status = failure;
    here().alarms = () => Promise.reject(new TargetError('timeout', 'm1', 'no majority'));
    const rounds = await askedAt(0, 15, 30, 45, 60);
    expect(rounds.flat().filter((one) => one === 'alarms')).toHaveLength(times);
  });

  it('believes Status as soon as it says the alarms', async () => {
    here().status = { errors: null };
    await askedAt(0);
    here().status = { errors: ['memberID:1 alarm:NOSPACE'] };
    const [asked] = await askedAt(15);
    expect(asked).not.toContain('alarms');
    const found = { alarms: [{ memberId: '1', kind: 'NOSPACE' }], source: 'status' };
    expect(here().saved!.facts.alarms).toMatchObject({ at: T0 + 15_000, value: found });
  });

  it('says what it saved, whether the metrics were read, and that it has tried first', async () => {
    const first = await sample(deps(), cluster as never);
    here().now += 15_000;
    const second = await sample(deps(), cluster as never);
    expect([first.metricsRead, second.metricsRead]).toEqual([true, false]);
    expect(second.snapshot).toBe(here().saved);
    expect(here().tried).toEqual([T0, T0 + 15_000]);
  });

  it('remembers sizes every time, and what happened between two readings of the metrics', async () => {
    here().status = { sizeBytes: 5000, inUseBytes: 400, quotaBytes: 9000 };
    await askedAt(0, 15);
    here().leaderChanges = 3;
    await askedAt(60);
    const sizes = { sizeBytes: 5000, inUseBytes: 400, quotaBytes: 9000 };
    expect(here().added.slice(0, 2)).toEqual([
      { at: T0, members: { '1': sizes } },
      { at: T0 + 15_000, members: { '1': sizes } },
    ]);
    expect(here().added[2]!.members['1']).toMatchObject({
      ...sizes,
      activity: { from: T0, to: T0 + 60_000, leaderChanges: 3, slowApplies: 0, requests: null },
    });
  });

  it('takes the sizes of a silent member from fresh metrics only', async () => {
    here().status = new TargetError('timeout', 'm1', 'it defragments');
    await askedAt(0, 15);
    expect(here().added.map((one) => Object.keys(one.members))).toEqual([['1'], []]);
    expect(here().added[0]!.members['1']!.sizeBytes).toBe(healthyMetrics().sizeBytes);
  });
});
