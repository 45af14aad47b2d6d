import type { TargetErrorCode } from '../src/domain/errors.js';
import { unknown, valueOf, type Fact } from '../src/domain/fact.js';
import type {
  Alarm,
  EndpointFact,
  FactName,
  FactValues,
  ListedMember,
  MemberMetrics,
  MemberStatus,
  Snapshot,
} from '../src/domain/snapshot.js';
import { IDS, listed, NOW, read } from './healthy.js';

/** Why a member could not be read. */
type Why = readonly [code?: TargetErrorCode, reason?: string];

/** Replaces a whole fact, for one that could not be read at all or was not asked for. */
export function withFact<N extends FactName>(
  snapshot: Snapshot,
  name: N,
  fact: Fact<FactValues[N]>,
): Snapshot {
  return { ...snapshot, facts: { ...snapshot.facts, [name]: fact } };
}

export function withoutFact(snapshot: Snapshot, name: FactName): Snapshot {
  return {
    ...snapshot,
    facts: Object.fromEntries(Object.entries(snapshot.facts).filter(([key]) => key !== name)),
  };
}

export function withStatus(snapshot: Snapshot, member: string, patch: Partial<MemberStatus>): Snapshot {
  const entries = valueOf(snapshot.facts.status) ?? [];
  return withFact(
    snapshot,
    'status',
    read(replaced(entries, endpointOfMember(snapshot, member), (fact) => patched(fact, patch))),
  );
}

export function withMetrics(snapshot: Snapshot, member: string, patch: Partial<MemberMetrics>): Snapshot {
  const entries = valueOf(snapshot.facts.metrics) ?? [];
  return withFact(
    snapshot,
    'metrics',
    read(replaced(entries, endpointOfMember(snapshot, member), (fact) => patched(fact, patch))),
  );
}

export function withEveryStatus(snapshot: Snapshot, patch: Partial<MemberStatus>): Snapshot {
  return labelsOf(snapshot).reduce((all, member) => withStatus(all, member, patch), snapshot);
}

export function withEveryMetrics(snapshot: Snapshot, patch: Partial<MemberMetrics>): Snapshot {
  return labelsOf(snapshot).reduce((all, member) => withMetrics(all, member, patch), snapshot);
}

/** Neither Status nor metrics of this member could be read. */
export function withUnreachable(
  snapshot: Snapshot,
  member: string,
  ...[code = 'unreachable', reason = 'connect ECONNREFUSED']: Why
): Snapshot {
  return withoutMetrics(withoutStatus(snapshot, member, code, reason), member, code, reason);
}

export function withoutStatus(
  snapshot: Snapshot,
  member: string,
  ...[code = 'timeout', reason = 'no answer within 1.5 s']: Why
): Snapshot {
  const entries = valueOf(snapshot.facts.status) ?? [];
  return withFact(
    snapshot,
    'status',
    read(replaced(entries, endpointOfMember(snapshot, member), () => unknown(code, reason, NOW))),
  );
}

export function withoutMetrics(
  snapshot: Snapshot,
  member: string,
  ...[code = 'unreachable', reason = 'connect ECONNREFUSED']: Why
): Snapshot {
  const entries = valueOf(snapshot.facts.metrics) ?? [];
  return withFact(
    snapshot,
    'metrics',
    read(replaced(entries, endpointOfMember(snapshot, member), () => unknown(code, reason, NOW))),
  );
}

export function withAlarms(snapshot: Snapshot, alarms: readonly Alarm[]): Snapshot {
  const source = valueOf(snapshot.facts.alarms)?.source ?? 'status';
  const errors = alarms.map((alarm) => `memberID:${alarm.memberId} alarm:${alarm.kind} `);
  const told = source === 'status' ? withEveryStatus(snapshot, { errors }) : snapshot;
  return withFact(told, 'alarms', read({ alarms, source }));
}

export function withWriteProbe(
  snapshot: Snapshot,
  accepted: boolean,
  refusedWith: string | null = null,
): Snapshot {
  return withFact(snapshot, 'write-probe', read({ accepted, refusedWith, tookMs: 12 }));
}

/** Another member in the list, learner or never started (no name); no configured endpoint leads to it. */
export function withListed(snapshot: Snapshot, patch: Partial<ListedMember>): Snapshot {
  const list = valueOf(snapshot.facts.members) ?? [];
  return withFact(snapshot, 'members', read([...list, { ...listed(IDS[4] ?? '', list.length), ...patch }]));
}

function patched<T>(fact: Fact<T>, patch: Partial<T>): Fact<T> {
  return fact.known ? { ...fact, value: { ...fact.value, ...patch } } : fact;
}

function replaced<T>(
  entries: readonly EndpointFact<T>[],
  endpoint: string,
  change: (fact: Fact<T>) => Fact<T>,
): readonly EndpointFact<T>[] {
  return entries.map((entry) =>
    entry.endpoint === endpoint ? { endpoint, fact: change(entry.fact) } : entry,
  );
}

/** m1 is the first configured endpoint, and so on. A name that is none of them is a mistake in the test. */
function endpointOfMember(snapshot: Snapshot, member: string): string {
  const endpoint = snapshot.endpoints[Number(member.slice(1)) - 1];
  if (endpoint === undefined) throw new Error(`no member ${member} in this snapshot`);
  return endpoint;
}

function labelsOf(snapshot: Snapshot): readonly string[] {
  return snapshot.endpoints.map((_, index) => `m${String(index + 1)}`);
}
