import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeLooks } from '../../../src/adapters/redis/looks.js';
import { makeAnswerStore, makeSampleStore } from '../../../src/adapters/redis/records.js';
import type { Answer, Question } from '../../../src/domain/answer.js';
import { TargetError } from '../../../src/domain/errors.js';
import type { KeysReport } from '../../../src/domain/keys/report.js';
import type { OutboxEntry } from '../../../src/domain/ports.js';
import { answerMishap, type AnswerDeps } from '../../../src/engine/answer.js';
import { cancelLook, type CancelLookDeps } from '../../../src/engine/keys/cancel-look.js';
import { scanKeys, type KeysDeps } from '../../../src/engine/keys/scan-keys.js';
import { healthy } from '../../facts.js';
import { pendingFix } from '../../operations.js';
import { oneRedis } from '../../redis.js';
import { clusterOf } from '../world.js';
import { literalKeyspace, passingClock, type LiteralKeyspace, type Stored } from './literal.js';

const redis = oneRedis();
const CLUSTER = clusterOf(pendingFix());
const QUESTION: Question = {
  ...{ id: 'q1', version: 1, verb: 'keys', cluster: CLUSTER.name, options: { rate: '1000' } },
  ...{ asker: { teamId: 'T1', userId: 'U1' }, place: { channel: 'C0PLATFORM' }, askedAt: 0, facts: [] },
};

const EVENTS = { group: '', resource: 'events', objects: 4000, bytes: 1_000_000 };

interface Trial {
  readonly deps: KeysDeps;
  readonly asked: ReadonlyMap<string, LiteralKeyspace>;
  readonly shown: OutboxEntry[];
  readonly answers: Answer[];
  stopping: boolean;
  /** Called with each answer that is saved. */
  onSave: (answer: Answer) => Promise<void>;
}

let trial: Trial;

function keys(count: number): readonly Stored[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `/a/b/${String(index).padStart(6, '0')}`,
    bytes: 10,
  }));
}

function makeTrial(stored: readonly Stored[], snapshot = healthy()): Trial {
  const clock = passingClock();
  const asked = new Map(CLUSTER.endpoints.map((endpoint) => [endpoint, literalKeyspace(stored, clock)]));
  const store = makeAnswerStore(redis.client);
  const facts = snapshot.facts;
  const read = (name: 'members' | 'status' | 'alarms') => ({
    read: async () => {
      const fact = facts[name];
      if (fact?.known) return fact.value;
      throw new TargetError('unreachable', 'target', 'away');
    },
  });
  const made: Trial = {
    ...{ asked, shown: [], answers: [], stopping: false, onSave: async () => undefined },
    deps: {
      answers: {
        load: store.load,
        save: async (answer) => {
          await store.save(answer);
          made.answers.push(answer);
          await made.onSave(answer);
        },
      },
      outbox: { put: async (entry) => void made.shown.push(entry) },
      looks: makeLooks(redis.client),
      samples: makeSampleStore(redis.client),
      collectors: new Map((['members', 'status', 'alarms'] as const).map((name) => [name, read(name)])),
      clock,
      stopping: () => made.stopping,
      clusterOf: (name) => (name === CLUSTER.name ? CLUSTER : undefined),
      access: {
        reader: () => ({ members: [...asked].map(([endpoint, keyspace]) => ({ endpoint, keyspace })) }),
      } as unknown as KeysDeps['access'],
    },
  };
  return made;
}

function reports(): readonly KeysReport[] {
  return trial.answers.flatMap(({ body }) => (body.kind === 'keys' ? [body.report] : []));
}

beforeEach(() => {
  trial = makeTrial(keys(5000));
});

describe('/etcd keys', () => {
  it('tells of itself every two seconds in growing versions of one answer, and then of all', async () => {
    expect(await scanKeys(trial.deps, QUESTION)).toBeNull();
    const told = reports();
    expect(told.at(-1)).toMatchObject({ state: 'done', total: { keys: 5000 }, about: 5000 });
    expect(told.slice(0, -1).every(({ state }) => state === 'running')).toBe(true);
    // Five seconds of counting.
    expect(told.length).toBeGreaterThanOrEqual(3);
    expect(told.length).toBeLessThanOrEqual(5);
    expect(trial.shown.map(({ version }) => version)).toEqual(told.map((_, index) => index + 1));
    expect(new Set(trial.shown.map(({ id }) => id))).toEqual(new Set(['q1']));
  });

  it('asks one follower, and nobody else', async () => {
    await scanKeys(trial.deps, QUESTION);
    const pages = [...trial.asked.values()].map(({ asked }) => asked.length);
    expect(pages.filter((count) => count > 0)).toHaveLength(1);
    expect(reports().at(-1)?.member?.role).toBe('follower');
  });

  it.each([
    ['what the API server counts', () => Promise.resolve({ resources: [EVENTS] }), [EVENTS]],
    ['that it could not be read', () => Promise.reject(new TargetError('denied', 'api', 'no')), 'unknown'],
  ])('of a cluster of Kubernetes says %s', async (_what, read, stored) => {
    const deps = {
      ...trial.deps,
      collectors: new Map([...trial.deps.collectors, ['stored-resources', { read }]]),
      clusterOf: () => ({ ...CLUSTER, kubernetes: { kubeconfig: null, context: null, patienceMs: 0 } }),
    };
    await scanKeys(deps, QUESTION);
    expect(reports().at(-1)).toMatchObject({ state: 'done', stored });
  });

  it('says what has grown since it was counted last', async () => {
    await scanKeys(trial.deps, QUESTION);
    trial = makeTrial(keys(5200));
    await scanKeys(trial.deps, { ...QUESTION, id: 'q2' });
    expect(reports().at(-1)).toMatchObject({ before: { keys: 5000 }, rows: [{ before: { keys: 5000 } }] });
  });

  it('begun again after its process died, it goes on in newer versions', async () => {
    await scanKeys(trial.deps, QUESTION);
    const before = trial.shown.at(-1)?.version ?? 0;
    await scanKeys(trial.deps, QUESTION);
    expect(Math.min(...trial.shown.slice(before).map(({ version }) => version))).toBe(before + 1);
    await answerMishap(trial.deps as unknown as AnswerDeps, QUESTION, 'ref');
    expect(trial.answers.at(-1)).toMatchObject({ body: { kind: 'mishap' } });
    expect(trial.shown.at(-1)?.version).toBe(trial.shown.length);
  });

  it('is handed over where its process ends, and gives its turn back', async () => {
    trial.onSave = async () => void (trial.stopping = true);
    expect(await scanKeys(trial.deps, QUESTION)).toBeGreaterThan(0);
    expect(reports().map(({ state }) => state)).toEqual(['running']);
    expect(await trial.deps.looks.take(CLUSTER.name, 'other', 1000)).toBe(true);
  });

  it('waits for another look at the same cluster, and may be stopped while it does', async () => {
    const { looks } = trial.deps;
    await looks.take(CLUSTER.name, 'other', 60_000);
    expect(await scanKeys(trial.deps, QUESTION)).toBeGreaterThan(0);
    expect(await scanKeys(trial.deps, QUESTION)).toBeGreaterThan(0);
    // Said once.
    expect(reports().map(({ state }) => state)).toEqual(['waiting']);
    await looks.cancel('q1', 'U2');
    expect(await scanKeys(trial.deps, QUESTION)).toBeNull();
    expect(trial.answers.at(-1)?.body).toMatchObject({ kind: 'refusal', people: ['U2'] });
  });

  it('stops where somebody cancels it, keeps what was counted, and compares nothing with it', async () => {
    trial.onSave = () => trial.deps.looks.cancel('q1', 'U2');
    await scanKeys(trial.deps, QUESTION);
    const last = reports().at(-1);
    expect(last).toMatchObject({ state: 'cancelled', cancelledBy: 'U2', about: 5000 });
    expect(last?.total.keys).toBeLessThan(5000);
    expect(await trial.deps.looks.last(CLUSTER.name, '')).toBeNull();
  });

  it('is refused where no member answers, or our user may not', async () => {
    const { facts } = healthy();
    trial = makeTrial(keys(10), {
      ...healthy(),
      facts: { ...facts, status: { known: true, value: [], at: 0, tookMs: 0 } },
    });
    await scanKeys(trial.deps, QUESTION);
    expect(trial.answers.at(-1)?.body).toMatchObject({
      kind: 'refusal',
      reason: expect.stringContaining('No member'),
    });
    trial = makeTrial(keys(10));
    const denied = new TargetError('denied', 'm2', 'm2 does not allow this to our user: permission denied.');
    for (const keyspace of trial.asked.values()) keyspace.failures = [denied];
    await scanKeys(trial.deps, { ...QUESTION, id: 'q3' });
    const { body } = trial.answers.at(-1)!;
    expect(body).toMatchObject({ kind: 'refusal', reason: expect.stringContaining('does not allow') });
    expect(body).toMatchObject({ safe: [expect.stringContaining('name their prefix')] });
  });
});

describe('who may cancel it', () => {
  const running = (): Promise<void> =>
    trial.deps.answers.save({
      ...{ question: { ...QUESTION, asker: { teamId: 'T1', userId: 'UASKER' } }, answeredAt: 0 },
      body: { kind: 'keys', report: { state: 'running' } as KeysReport },
    });

  const cancelDeps = (events: string[]): CancelLookDeps => ({
    ...{
      answers: trial.deps.answers,
      looks: trial.deps.looks,
      clock: trial.deps.clock,
      clusters: [CLUSTER],
      teamId: 'T1',
    },
    audit: { record: async ({ event }) => void events.push(event) },
    directory: {
      person: async (id) => ({ id, teamId: 'T1' }),
      isMember: async () => true,
      isShared: async () => false,
      groupMembers: async () => [],
    },
  });

  it.each([
    ['its asker', 'UASKER', true],
    ['an operator', CLUSTER.policy.operators.users[0] ?? '', true],
    ['an approver', CLUSTER.policy.approvers.users[0] ?? '', true],
    ['somebody else', 'U0NOBODY', false],
  ])('%s: %s, %j', async (_who, userId, may) => {
    await running();
    const events: string[] = [];
    const request = { answerId: 'q1', actor: { teamId: 'T1', userId }, channel: 'C0PLATFORM' };
    expect((await cancelLook(cancelDeps(events), request)).ok).toBe(may);
    expect(await trial.deps.looks.cancelled('q1')).toBe(may ? userId : null);
    expect(events).toEqual([may ? 'look.cancelled' : 'command.refused']);
  });

  it('nobody, once it has ended; nor by an id that somebody made up', async () => {
    await scanKeys(trial.deps, QUESTION);
    const request = { actor: QUESTION.asker, channel: 'C0PLATFORM' };
    const ended = await cancelLook(cancelDeps([]), { ...request, answerId: 'q1' });
    expect(ended).toMatchObject({ ok: false, reason: 'It has ended already.' });
    expect((await cancelLook(cancelDeps([]), { ...request, answerId: 'made-up' })).ok).toBe(false);
  });
});
