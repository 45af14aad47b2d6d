import { describe, expect, it } from '@jest/globals';
import type { Answer, AnswerBody, Question } from '../../src/domain/answer.js';
import type { SizeSeries } from '../../src/domain/alerting/past.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Collector } from '../../src/domain/collector.js';
import type { Finding } from '../../src/domain/finding.js';
import type { Operation } from '../../src/domain/operation.js';
import type { AuditEvent } from '../../src/domain/ports.js';
import {
  answerProposal,
  examine,
  listClusters,
  listOperations,
  type AnswerDeps,
} from '../../src/engine/answer.js';
import { vouched } from '../../src/engine/vouch.js';
import { trendWith } from '../charts.js';
import { healthy, IDS, NOW } from '../facts.js';
import { pendingFix } from '../operations.js';
import { outlook } from '../slack/home-content.js';
import { clusterOf, signer } from './world.js';

const PROD: Cluster = { ...clusterOf(pendingFix()), name: 'calico-prod', channels: ['C0PLATFORM'] };
const KUBE: Cluster = {
  ...PROD,
  name: 'kube',
  kubernetes: { kubeconfig: null, context: null, patienceMs: 180_000 },
};
const OTHER: Cluster = { ...PROD, name: 'other', channels: ['C0OTHER'] };
const TREND = { ...trendWith({}), spark: [1, 2] };
const SERIES: SizeSeries = { memberId: IDS[0] ?? '', quotaBytes: null, points: [] };

/** Weeks old, and its cluster is locked until somebody closes it. */
const LOST = operation('lost', { state: 'unknown', createdAt: NOW - 20 * 86_400_000 });
const ELSEWHERE = operation('elsewhere', { plan: { ...pendingFix().plan, cluster: 'other' } });
const OPEN = [LOST, ELSEWHERE, operation('watched', { state: 'succeeded' })];
const RECENT = [
  ELSEWHERE,
  operation('watched', { state: 'succeeded' }),
  ...Array.from({ length: 20 }, (_, index) => operation(`denied ${String(index)}`, { state: 'denied' })),
];

function operation(id: string, changes: Partial<Operation>): Operation {
  return { ...pendingFix(), id, ...changes };
}

const { members, status } = healthy().facts;
const collectors = new Map<string, Collector>([
  ['members', { read: async () => (members?.known ? members.value : []) }],
  ['status', { read: async () => (status?.known ? status.value : []) }],
]);

async function answered(
  ask: typeof examine,
  changes: Partial<Question> = {},
): Promise<{ readonly body: AnswerBody; readonly asked: readonly string[] }> {
  let answer: Answer | undefined;
  const asked: string[] = [];
  const deps = {
    collectors,
    checks: new Map<string, never>(),
    clusters: [PROD, OTHER],
    clusterOf: (name: string) => [PROD, OTHER, KUBE].find((cluster) => cluster.name === name),
    access: { reader: () => ({ members: [] }) },
    samples: {
      newest: async () => healthy(),
      pinned: async () => healthy().pinnedId,
      owners: async () => ({}),
    },
    alerts: {
      load: async (name: string) => {
        asked.push(`book ${name}`);
        return { incidents: [], trend: { ...TREND, notCompactedSince: NOW - 1000 } };
      },
      outlooks: async (names: readonly string[]) => {
        asked.push(`outlooks ${names.join(' ')}`);
        return names.map((name) => (name === 'calico-prod' ? outlook(name, { trend: TREND }) : null));
      },
    },
    series: {
      sizes: async (name: string) => {
        asked.push(`sizes ${name}`);
        return [SERIES];
      },
    },
    operations: { open: async () => OPEN, recent: async () => RECENT, now: async () => NOW },
    signer,
    audit: { record: async ({ event }: AuditEvent) => void asked.push(event) },
    answers: { save: async (one: Answer) => void (answer = one), load: async () => null },
    outbox: { put: async () => undefined },
    clock: { now: () => NOW, pause: async () => undefined },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  } as unknown as AnswerDeps;
  await ask(deps, { ...QUESTION, ...changes });
  return { body: answer!.body, asked };
}

const QUESTION: Question = {
  id: 'q1',
  version: 1,
  verb: 'status',
  cluster: 'calico-prod',
  options: {},
  asker: { teamId: 'T1', userId: 'U1' },
  place: { channel: 'C0PLATFORM' },
  askedAt: NOW,
  facts: ['members', 'status'],
};

describe('an examination', () => {
  it('brings what the monitor has seen only where a Kubernetes is configured', async () => {
    const { body, asked } = await answered(examine, { cluster: 'kube' });
    expect(body).toMatchObject({
      snapshot: { past: { fullSince: null, fullUntil: null, compactedAt: NOW - 1000 } },
    });
    expect(asked).toContain('book kube');
    const plain = await answered(examine);
    expect(plain.body).not.toHaveProperty('snapshot.past');
    expect(plain.asked).not.toContain('book calico-prod');
  });

  it('brings what the monitor worked out last, and no chart that nobody asked for', async () => {
    const { body, asked } = await answered(examine);
    expect(body).toMatchObject({ kind: 'examination', trend: TREND, findings: [] as Finding[] });
    expect(body).not.toHaveProperty('chart');
    expect(asked).toEqual(['outlooks calico-prod']);
  });

  it('brings the sizes of weeks with `--chart`', async () => {
    const { body, asked } = await answered(examine, { options: { chart: true } });
    const chart = {
      cluster: 'calico-prod',
      at: NOW,
      trend: TREND,
      members: [{ label: 'm1', series: SERIES }],
    };
    expect(body).toMatchObject({ kind: 'examination', chart });
    expect(asked).toContain('sizes calico-prod');
  });

  it('has neither of a cluster that was never watched', async () => {
    expect((await answered(examine, { cluster: 'other' })).body).toMatchObject({ trend: null });
  });
});

describe('the list of clusters', () => {
  it('brings the outlook of each that belongs to the channel, by one question', async () => {
    const { body, asked } = await answered(listClusters, { verb: 'clusters', cluster: null });
    expect(asked).toEqual(['outlooks calico-prod']);
    expect(body).toMatchObject({
      kind: 'clusters',
      clusters: [{ name: 'calico-prod', outlook: { cluster: 'calico-prod', trend: TREND } }],
    });
  });
});

describe('a job that asks for a change', () => {
  const GONE: Question = { ...QUESTION, verb: 'fix', cluster: 'gone', options: { reason: 'x' } };
  const ours = vouched(GONE, signer);

  it('is looked at where we have signed it', async () => {
    const { body, asked } = await answered(answerProposal, ours);
    expect(body).toMatchObject({ kind: 'refusal', reason: expect.stringMatching(/gone is not in this/) });
    expect(asked).toEqual([]);
  });

  it.each<[string, Question]>([
    ['without our signature', GONE],
    ['in the name of somebody else', { ...ours, asker: { teamId: 'T1', userId: 'U9' } }],
    ['for another cluster', { ...ours, cluster: 'calico-prod' }],
    ['for another change', { ...ours, verb: 'compact' }],
    ['with other words', { ...ours, options: { reason: 'x', all: true } }],
    ['of days ago', vouched({ ...GONE, askedAt: NOW - 2 * 86_400_000 }, signer)],
  ])('proposes nothing %s, and is written down', async (_what, question) => {
    const { body, asked } = await answered(answerProposal, { signature: undefined, ...question });
    expect(body).toMatchObject({ kind: 'refusal', reason: expect.stringMatching(/not asked by a command/) });
    expect(asked).toEqual(['command.refused']);
  });
});

describe('the list of operations', () => {
  it.each([[null], ['calico-prod']])(
    'has every open one of the channel, however many have ended since (asked about %s)',
    async (cluster) => {
      const { body } = await answered(listOperations, { verb: 'operations', cluster });
      if (body.kind !== 'operations') throw new Error(body.kind);
      const ids = body.operations.map(({ id }) => id);
      expect(ids).toHaveLength(10);
      expect(ids.slice(0, 3)).toEqual(['lost', 'watched', 'denied 0']);
    },
  );
});
