import { isOpen, isTerminal, type Operation } from '../../../src/domain/operation.js';
import { ALL_CLUSTERS, type Pause } from '../../../src/domain/pause.js';
import type { Locks, OperationStore, Pauses, SampleStore } from '../../../src/domain/ports.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';

/** What stands in Redis, held in memory: for thousands of runs. `memory.test.ts` keeps the two alike. */
export interface Memory {
  readonly operations: OperationStore;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly samples: SampleStore;
  /** All of it at this moment, and back to it: a replica that had missed the rest is the primary now. */
  remember(): () => void;
}

interface Row {
  readonly json: string;
  readonly version: number;
  readonly ended: boolean;
}

interface State {
  rows: Map<string, Row>;
  open: Set<string>;
  locks: Map<string, string>;
  beats: Map<string, number>;
  pauses: Map<string, Pause>;
  samples: Map<string, Snapshot>;
  pins: Map<string, string>;
  fence: number;
}

const MOST_ATTEMPTS = 200;

/** `now`: the one clock of this Redis. */
export function makeMemory(now: () => number): Memory {
  const state = empty();
  return {
    operations: operationsOf(state, now),
    locks: locksOf(state, now),
    pauses: pausesOf(state),
    samples: samplesOf(state),
    remember() {
      const before = structuredClone(state);
      return () => Object.assign(state, structuredClone(before));
    },
  };
}

function empty(): State {
  const maps = { rows: new Map(), locks: new Map(), beats: new Map(), pauses: new Map(), samples: new Map() };
  return { ...maps, open: new Set(), pins: new Map(), fence: 0 };
}

function operationsOf(state: State, now: () => number): OperationStore {
  const load = (id: string): Operation | null => {
    const row = state.rows.get(id);
    return row ? (JSON.parse(row.json) as Operation) : null;
  };
  const loaded = (ids: Iterable<string>): Operation[] => [...ids].flatMap((id) => load(id) ?? []);
  return {
    now: async () => now(),
    load: async (id) => load(id),
    open: async () => loaded(state.open),
    replicated: async () => true,
    create: async (operation) => {
      if (state.rows.has(operation.id)) return;
      state.rows.set(operation.id, { json: JSON.stringify(operation), version: 1, ended: false });
      state.open.add(operation.id);
    },
    recent: async (limit, cluster) =>
      loaded(state.rows.keys())
        .filter((one) => cluster === undefined || one.plan.cluster === cluster)
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
        .slice(0, limit),
    async swap(id, change) {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const [operation, at] = [load(id), now()];
        if (!operation) return { ok: false, reason: 'there is no such operation', operation: null };
        const changed = change(operation, at);
        if (!changed.ok) return { ok: false, reason: changed.reason, operation };
        const next = { ...changed.operation, version: operation.version + 1 };
        // Between reading and writing others have their turn.
        await Promise.resolve();
        if (state.rows.get(id)?.version !== operation.version) continue;
        if (changed.notAfter !== undefined && now() > changed.notAfter)
          return { ok: false, reason: 'its time has passed', operation };
        write(state, next);
        return { ok: true, operation: next };
      }
      throw new Error(`operation ${id} changed under every attempt`);
    },
  };
}

function write(state: State, operation: Operation): void {
  const { id, version, plan } = operation;
  const ended = state.rows.get(id)?.ended === true || isTerminal(operation);
  state.rows.set(id, { json: JSON.stringify(operation), version, ended });
  if (!isOpen(operation)) state.open.delete(id);
  if (!isTerminal(operation)) return;
  for (const key of lockKeys(plan.cluster, plan.clusterId))
    if (state.locks.get(key) === id) state.locks.delete(key);
}

function lockKeys(cluster: string, clusterId: string): readonly string[] {
  return [`name:${cluster}`, `id:${clusterId}`];
}

function locksOf(state: State, now: () => number): Locks {
  return {
    acquire: async (cluster, clusterId, id) => {
      if (state.rows.get(id)?.ended !== false) return null;
      const keys = lockKeys(cluster, clusterId);
      if (keys.some((key) => (state.locks.get(key) ?? id) !== id)) return null;
      for (const key of keys) state.locks.set(key, id);
      return ++state.fence;
    },
    holder: async (cluster, clusterId) =>
      lockKeys(cluster, clusterId).flatMap((key) => state.locks.get(key) ?? [])[0] ?? null,
    beat: async (id, ttlMs) => void state.beats.set(id, now() + ttlMs),
    alive: async (id) => now() < (state.beats.get(id) ?? 0),
  };
}

function pausesOf({ pauses }: State): Pauses {
  return {
    holding: async (cluster) => pauses.get(cluster) ?? pauses.get(ALL_CLUSTERS) ?? null,
    list: async () => [...pauses.values()],
    set: async (pause) => void pauses.set(pause.scope, pause),
    lift: async (scope) => {
      const before = pauses.get(scope) ?? null;
      pauses.delete(scope);
      return before;
    },
  };
}

function samplesOf({ samples, pins }: State): SampleStore {
  return {
    newest: async (cluster) => samples.get(cluster) ?? null,
    save: async (snapshot) => void samples.set(snapshot.cluster, snapshot),
    pin: async (cluster, clusterId) => {
      if (!pins.has(cluster)) pins.set(cluster, clusterId);
      return pins.get(cluster) ?? clusterId;
    },
    pinned: async (cluster) => pins.get(cluster) ?? null,
    owners: async () => ({}),
    remember: async () => undefined,
    revisions: async () => [],
  };
}
