import { makeLocks, operationKey } from '../../../src/adapters/redis/locks.js';
import { makeOperationStore } from '../../../src/adapters/redis/operations.js';
import { makePauses } from '../../../src/adapters/redis/pauses.js';
import { makeSampleStore } from '../../../src/adapters/redis/records.js';
import type { Person, Policy } from '../../../src/domain/actor.js';
import type { Question } from '../../../src/domain/answer.js';
import type { Verdict } from '../../../src/domain/errors.js';
import type { Operation } from '../../../src/domain/operation.js';
import type { Directory } from '../../../src/domain/ports.js';
import { hashOf, signed } from '../../../src/engine/approval.js';
import { cancel, type CancelDeps } from '../../../src/engine/cancel.js';
import type { ReviewRequest } from '../../../src/engine/decision.js';
import { execute } from '../../../src/engine/execute.js';
import type { ExecutorDeps } from '../../../src/engine/executor.js';
import { propose, type ProposeDeps } from '../../../src/engine/propose.js';
import { review, type ReviewDeps } from '../../../src/engine/review.js';
import { sweep } from '../../../src/engine/sweep.js';
import fix from '../../../src/runbooks/fix.js';
import { MINUTE } from '../../facts.js';
import { pendingFix } from '../../operations.js';
import type { RedisOfTests } from '../../redis.js';
import { fixPlanned, makeWorld, signer, waiting, type World } from '../world.js';

/** What Slack would say of people, groups and channels; a test changes it under way. */
export interface Slack {
  people: Record<string, Partial<Person>>;
  groups: Record<string, readonly string[]>;
  shared: boolean;
}

export type Everything = ExecutorDeps & ReviewDeps & CancelDeps & ProposeDeps;

/** One process of the bot, with all that the engine can be asked. */
export interface Process {
  readonly deps: Everything;
  approve(user: string, more?: Partial<ReviewRequest>): Promise<Verdict<Operation>>;
  deny(user: string, more?: Partial<ReviewRequest>): Promise<Verdict<Operation>>;
  cancel(user: string, id?: string, teamId?: string): Promise<Verdict<Operation>>;
  propose(user: string, options?: Question['options']): Promise<Verdict<Operation>>;
  execute(id?: string): Promise<void>;
  sweep(): Promise<void>;
}

export interface Scene extends Process {
  readonly world: World;
  readonly slack: Slack;
  /** An operation that U1 proposed a moment ago and nobody has reviewed. */
  pending(changes?: Partial<Operation>): Promise<Operation>;
  /** One that U2 and U3 approved a moment ago, with a token of its own. */
  approved(changes?: Partial<Operation>): Promise<Operation>;
  now(id?: string): Promise<Operation>;
  /** Writes a record straight into Redis, past the store, as whoever has its password could. */
  writes(operation: Operation): Promise<void>;
  /** The same bot once more: its own clock, so many milliseconds off, and its own machine. */
  another(skewMs?: number): Process;
  /** Changes the policy in the configuration that every process has. */
  reload(policy: Partial<Policy>): void;
}

/** `times` runs of a race on one Redis, each with an id of its own. */
export async function repeat(
  times: number,
  race: (id: string, turn: number) => Promise<void>,
): Promise<void> {
  for (let turn = 0; turn < times; turn++) await race(`op-${String(turn)}`, turn);
}

export function makeScene(redis: RedisOfTests): Scene {
  const world = makeWorld(redis);
  const slack: Slack = { people: {}, groups: {}, shared: false };
  const here = processOf(world, { slack });
  return {
    ...here,
    world,
    slack,
    async pending(changes = {}) {
      const operation = pendingNow(changes);
      await world.deps.operations.create(operation);
      return operation;
    },
    approved: (changes = {}) => world.approve({ token: `token of ${changes.id ?? 'op1'}`, ...changes }),
    now: (id = 'op1') => world.now(id),
    async writes({ id, version, ...rest }) {
      const json = JSON.stringify({ id, version, ...rest });
      await redis.client.hset(operationKey(id), { version: String(version), json });
      await redis.client.hdel(operationKey(id), 'ended');
      await redis.client.sadd('{steward}:operations:open', id);
    },
    another: (skewMs = 0) => processOf(world, { slack, skewMs, client: redis.client }),
    reload(policy) {
      world.cluster = { ...world.cluster, policy: { ...world.cluster.policy, ...policy } };
    },
  };
}

export function pendingNow(changes: Partial<Operation> = {}): Operation {
  const plan = changes.plan ?? fixPlanned();
  const now = Date.now();
  const times = { createdAt: now - 1000, approveBy: now + 10 * MINUTE };
  return signed(pendingFix({ id: 'op1', plan, planHash: hashOf(plan), ...times, ...changes }), signer);
}

export const CHANNEL = 'C0PLATFORM';

export function questionOf(user: string, options: Question['options'] = {}): Question {
  return {
    id: `question-${user}`,
    version: 1,
    verb: 'fix',
    cluster: 'calico-prod',
    options,
    asker: { teamId: 'T1', userId: user },
    place: { channel: CHANNEL },
    askedAt: 0,
    facts: [],
  };
}

interface Own {
  readonly slack: Slack;
  readonly skewMs?: number;
  /** Given: it has stores of its own, as another process would. */
  readonly client?: RedisOfTests['client'];
}

function processOf(world: World, { slack, skewMs = 0, client }: Own): Process {
  const { clock } = world.deps;
  const spent = new Set<string>();
  const own = client && {
    operations: waiting(makeOperationStore(client), world.waited),
    locks: makeLocks(client),
    pauses: makePauses(client),
    samples: makeSampleStore(client),
    spent: { spend: async (token: string) => !spent.has(token) && spent.add(token).has(token) },
  };
  const deps: Everything = {
    ...world.deps,
    ...own,
    clock: { ...clock, now: () => clock.now() + skewMs },
    directory: directoryOf(slack),
    teamId: 'T1',
    sampleValidMs: 30_000,
    runbooks: new Map([['fix', fix]]),
  };
  const reviewed =
    (verdict: 'approve' | 'deny') =>
    (userId: string, more: Partial<ReviewRequest> = {}) => {
      const actor = { teamId: 'T1', userId };
      const request = { operationId: 'op1', actor, verdict, channel: CHANNEL, ...more };
      return review(deps, world.cluster, request);
    };
  return {
    deps,
    approve: reviewed('approve'),
    deny: reviewed('deny'),
    cancel: (userId, operationId = 'op1', teamId = 'T1') =>
      cancel(deps, world.cluster, { operationId, actor: { teamId, userId }, channel: CHANNEL }),
    propose: (userId, options = {}) => propose(deps, world.cluster, questionOf(userId, options)),
    execute: (id = 'op1') => execute(deps, id),
    sweep: () => sweep(deps),
  };
}

function directoryOf(slack: Slack): Directory {
  return {
    person: async (id) => ({ id, teamId: 'T1', ...slack.people[id] }),
    isMember: async () => true,
    isShared: async () => slack.shared,
    groupMembers: async (group) => slack.groups[group] ?? [],
  };
}
