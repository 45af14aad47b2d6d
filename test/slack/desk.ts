import { loadCatalogue } from '../../src/adapters/catalogue.js';
import { makeDrafts } from '../../src/adapters/redis/drafts.js';
import { makeLimits } from '../../src/adapters/redis/limits.js';
import { makeOperationStore } from '../../src/adapters/redis/operations.js';
import { makePauses } from '../../src/adapters/redis/pauses.js';
import { makeAnswerStore, makeSampleStore } from '../../src/adapters/redis/records.js';
import type { Policy } from '../../src/domain/actor.js';
import type { Question } from '../../src/domain/answer.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { TargetError } from '../../src/domain/errors.js';
import type { Operation } from '../../src/domain/operation.js';
import type { AuditEvent } from '../../src/domain/ports.js';
import { hashOf, signed } from '../../src/engine/approval.js';
import type { Asking, Reply } from '../../src/slack/asking.js';
import type { Command } from '../../src/slack/command.js';
import type { DecideDeps } from '../../src/slack/decide.js';
import type { DispatchDeps } from '../../src/slack/dispatch.js';
import { clusterOf, signer } from '../engine/world.js';
import { pendingFix } from '../operations.js';
import type { RedisOfTests } from '../redis.js';

export const TEAM = 'T1';
export const HERE = 'C0PLATFORM';

const COMMANDS = await loadCatalogue<Command>(new URL('../../src/slack/commands/', import.meta.url));

/** U1 operates; U2, U3 and the members of S1 (U6) approve; U5 may alone, in an emergency; U9 is in no channel. */
export const POLICY: Policy = {
  ...pendingFix().policy,
  emergency: { users: ['U5'], groups: [] },
  outsideWindow: { users: ['U3'], groups: [] },
};

export interface Desk {
  readonly deps: DispatchDeps & DecideDeps;
  readonly seen: {
    readonly jobs: { readonly job: string; readonly question: Question }[];
    readonly audit: AuditEvent[];
    readonly logged: string[];
    readonly started: string[];
  };
  clusters: Cluster[];
  /** Asking Redis for a job fails. */
  away: boolean;
  shared: boolean;
  readonly limits: { perPersonPerMinute: number; perClusterPerMinute: number };
  /** A pending operation in Redis, as the engine would have written it. */
  pending(changes?: Partial<Operation>): Promise<Operation>;
  now(id?: string): Promise<Operation>;
}

/** The bot's side that takes commands and clicks, over a real Redis; only Slack's directory is made up. */
export function makeDesk(redis: RedisOfTests): Desk {
  const seen: Desk['seen'] = { jobs: [], audit: [], logged: [], started: [] };
  const limits = { perPersonPerMinute: 1000, perClusterPerMinute: 1000 };
  const operations = makeOperationStore(redis.client);
  let ids = 0;
  const note = (_fields: unknown, message: string): void => void seen.logged.push(message);
  const desk: Desk = {
    seen,
    limits,
    clusters: [{ ...clusterOf(pendingFix()), aliases: ['calico'], policy: POLICY }],
    away: false,
    shared: false,
    deps: {
      commands: COMMANDS,
      get clusters() {
        return desk.clusters;
      },
      directory: {
        person: async (id) => ({ id, teamId: TEAM, guest: id === 'U8' }),
        isMember: async (_channel, id) => id !== 'U9',
        isShared: async () => desk.shared,
        groupMembers: async (group) => (group === 'S1' ? ['U6'] : []),
      },
      teamId: TEAM,
      answers: makeAnswerStore(redis.client),
      drafts: makeDrafts(redis.client),
      limits: makeLimits(redis.client),
      commandLimits: limits,
      operations,
      samples: makeSampleStore(redis.client),
      pauses: makePauses(redis.client),
      jobs: {
        ask: async (job, question) => {
          if (desk.away) throw new TargetError('unavailable', 'redis', 'no answer');
          seen.jobs.push({ job, question });
        },
        run: async (id) => void seen.started.push(id),
        watch: async () => undefined,
      },
      outbox: { put: async () => undefined },
      spent: { spend: async () => true },
      audit: { record: async (event) => void seen.audit.push(event) },
      signer,
      ids: { next: () => `id-${String(++ids)}` },
      clock: { now: () => Date.now(), pause: async () => undefined },
      sampleValidMs: 15_000,
      log: { info: note, warn: note, error: note },
    },
    async pending(changes = {}) {
      const now = Date.now();
      const base = pendingFix({
        createdAt: now - 60_000,
        approveBy: now + 600_000,
        policy: POLICY,
        ...changes,
      });
      const operation = signed({ ...base, planHash: hashOf(base.plan) }, signer);
      await operations.create(operation);
      return operation;
    },
    now: async (id = pendingFix().id) => (await operations.load(id))!,
  };
  return desk;
}

/** Somebody in a channel; by a slash command unless `mention`. */
export function from(userId: string, channel = HERE, mention = false): Asking {
  return { actor: { teamId: TEAM, userId }, place: { channel }, canOpen: !mention };
}

/** All the words of a reply, or of the form that it is. */
export function wordsOf(reply: Reply | 'seen'): string {
  if (reply === null || reply === 'seen') return String(reply);
  return JSON.stringify(reply.kind === 'message' ? reply.message.blocks : reply.view);
}
