import { TargetError } from '../../src/domain/errors.js';
import type { PlannedAct, StepKind } from '../../src/domain/plan.js';
import type { BackupStore, MemberOperator } from '../../src/domain/ports.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import type { StepContext } from '../../src/domain/step.js';
import { clusterOf, fixPlanned } from '../engine/world.js';
import { healthyMetrics, healthyStatus, IDS, MINUTE, NOW } from '../facts.js';
import { pendingFix } from '../operations.js';
import { NO_KEYSPACE } from '../unasked.js';

export interface Scene {
  /** What is seen at each look; the last one again and again. */
  readonly looks: readonly Snapshot[];
  readonly defragmented?: readonly string[];
  readonly toDefragment?: readonly string[];
  /** Members whose history begins after the revision. */
  readonly compacted?: readonly string[];
  /** The reading identity may not read keys. */
  readonly deniesKeys?: boolean;
  readonly backups?: Partial<BackupStore>;
  /** What a call on a member fails with. */
  readonly refusal?: TargetError;
}

export interface Stage<K extends StepKind> {
  readonly context: StepContext<K>;
  /** Every act that reached a member: "m1 compact 7". */
  readonly calls: string[];
}

/** What a step is handed, with members that only note what they are asked for. */
export function stage<K extends StepKind>(act: Extract<PlannedAct, { kind: K }>, scene: Scene): Stage<K> {
  const calls: string[] = [];
  const members = scene.looks[0]!.endpoints.map((endpoint) => memberAt(endpoint, scene, calls));
  let look = 0;
  const context: StepContext<K> = {
    act,
    plan: fixPlanned(),
    operationId: 'op1234567890abcdef',
    createdAt: NOW - MINUTE,
    cluster: clusterOf(pendingFix()),
    reader: { members },
    operator: () => ({ members }),
    kubernetes: null,
    kubernetesOperator: () => null,
    backups: { ...noBackups, ...scene.backups },
    clock: { now: () => NOW, pause: async () => undefined },
    waitedMs: 0,
    defragmented: idsOf(scene.defragmented),
    toDefragment: idsOf(scene.toDefragment),
    examine: async () => scene.looks[Math.min(look++, scene.looks.length - 1)]!,
    progress: async () => undefined,
  };
  return { context, calls };
}

function idsOf(names: readonly string[] = []): readonly string[] {
  return names.map((name) => IDS[Number(name.slice(1)) - 1] ?? '');
}

const noBackups: BackupStore = {
  freeBytes: async () => 0,
  save: () => Promise.reject(new Error('not asked for')),
  find: async () => null,
  prune: async () => [],
};

function memberAt(endpoint: string, scene: Scene, calls: string[]): MemberOperator {
  const host = Number(/10\.0\.0\.(\d)/.exec(endpoint)?.[1]);
  const name = `m${String(host)}`;
  const does = async (words: string): Promise<void> => {
    calls.push(`${name} ${words}`);
    if (scene.refusal) throw scene.refusal;
  };
  return {
    endpoint,
    keyspace: NO_KEYSPACE,
    status: async () => healthyStatus(IDS[host - 1] ?? ''),
    memberList: async () => [],
    alarms: async () => [],
    countKeys: async () => 0,
    async hasCompacted() {
      if (scene.deniesKeys === true) throw new TargetError('denied', endpoint, 'permission denied');
      return (scene.compacted ?? []).includes(name);
    },
    metrics: async () => healthyMetrics(),
    certificates: async () => [],
    writeProbe: () => does('write'),
    compact: (revision) => does(`compact ${String(revision)}`),
    defragment: () => does('defragment'),
    moveLeader: (id) => does(`move to m${String(IDS.indexOf(id) + 1)}`),
    disarm: (alarm) => does(`disarm ${alarm.kind} of ${alarm.memberId}`),
    async *snapshot() {
      await does('snapshot');
      yield new Uint8Array([1, 2, 3]);
    },
  };
}
