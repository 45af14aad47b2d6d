import { unknown, valueOf, type Fact } from './fact.js';
import type { EndpointFact, ListedMember, MemberMetrics, MemberStatus, Snapshot } from './snapshot.js';
import { hexId } from './units.js';

export type Role = 'leader' | 'follower' | 'learner' | 'unknown';

/** A member's quota, never guessed silently. */
export interface Quota {
  /** Infinity: the member has no quota. */
  readonly bytes: number;
  readonly source: 'status' | 'metrics' | 'configuration' | 'default';
  /** When it was read; 0 for configuration and default. */
  readonly at: number;
}

/** All that a snapshot knows of one member, joined. */
export interface MemberView {
  /** Its name; else its endpoint; else its id in hex. */
  readonly label: string;
  readonly id: string | null;
  /** Null: no configured endpoint leads to it. */
  readonly endpoint: string | null;
  readonly role: Role;
  /** False: added to the cluster, never started. */
  readonly started: boolean;
  readonly status: Fact<MemberStatus>;
  readonly metrics: Fact<MemberMetrics>;
  readonly quota: Quota;
  /** Physical size over quota; null where the size is not known. */
  readonly share: number | null;
  /** Kinds of its alarms; empty also where alarms could not be read: see the fact. */
  readonly alarms: readonly string[];
}

/** etcd's own default where `--quota-backend-bytes` is not set: 2 GiB. */
export const DEFAULT_QUOTA_BYTES = 2 * 1024 ** 3;

/** One view for each member: every configured endpoint, then listed members that no endpoint leads to. */
export function membersOf(snapshot: Snapshot): readonly MemberView[] {
  const listed = valueOf(snapshot.facts.members) ?? [];
  const owners = ownersOf(snapshot, listed);
  const reached = new Set(owners.values());
  const fromEndpoints = snapshot.endpoints.map((endpoint) => view(snapshot, endpoint, owners.get(endpoint)));
  const others = listed
    .filter((member) => !reached.has(member))
    .map((member) => view(snapshot, null, member));
  return distinct([...fromEndpoints, ...others]);
}

/** Which listed member answers at which endpoint: by its Status, now or last time; by its URL; else what is left over. */
function ownersOf(snapshot: Snapshot, listed: readonly ListedMember[]): Map<string, ListedMember> {
  const owners = new Map<string, ListedMember>();
  for (const endpoint of snapshot.endpoints) {
    const id = valueOf(statusAt(snapshot, endpoint))?.memberId ?? snapshot.lastOwners?.[endpoint];
    const owner =
      listed.find((member) => member.id === id) ??
      (statusAt(snapshot, endpoint).known
        ? undefined
        : listed.find((member) => member.clientUrls.includes(endpoint)));
    if (owner) owners.set(endpoint, owner);
  }
  const lostEndpoints = snapshot.endpoints.filter((endpoint) => !owners.has(endpoint));
  const lostMembers = listed.filter((member) => ![...owners.values()].includes(member));
  const [endpoint, member] = [lostEndpoints[0], lostMembers[0]];
  if (lostEndpoints.length === 1 && lostMembers.length === 1 && endpoint && member) {
    if (!statusAt(snapshot, endpoint).known) owners.set(endpoint, member);
  }
  return owners;
}

function view(snapshot: Snapshot, endpoint: string | null, member: ListedMember | undefined): MemberView {
  const status: Fact<MemberStatus> =
    endpoint === null
      ? unknown('not-read', 'no configured endpoint leads to this member', snapshot.at)
      : statusAt(snapshot, endpoint);
  const metrics =
    endpoint === null ? unknown('not-read', 'no endpoint', snapshot.at) : metricsAt(snapshot, endpoint);
  const id = valueOf(status)?.memberId ?? member?.id ?? null;
  const quota = quotaOf(snapshot, status, metrics);
  const size = valueOf(status)?.sizeBytes ?? null;
  return {
    label: labelOf(member, endpoint, id),
    id,
    endpoint,
    role: roleOf(status, member),
    started: member ? member.name !== '' : true,
    status,
    metrics,
    quota,
    share: size === null ? null : size / quota.bytes,
    alarms: alarmsOf(snapshot, id),
  };
}

function labelOf(member: ListedMember | undefined, endpoint: string | null, id: string | null): string {
  if (member?.name) return member.name;
  if (endpoint !== null) return endpoint.replace(/^https?:\/\//, '');
  return id === null ? '?' : hexId(id);
}

function roleOf(status: Fact<MemberStatus>, member: ListedMember | undefined): Role {
  if (member?.learner === true) return 'learner';
  if (!status.known) return 'unknown';
  if (status.value.learner) return 'learner';
  return status.value.leaderId === status.value.memberId ? 'leader' : 'follower';
}

function quotaOf(snapshot: Snapshot, status: Fact<MemberStatus>, metrics: Fact<MemberMetrics>): Quota {
  const fromStatus = valueOf(status)?.quotaBytes ?? 0;
  if (fromStatus !== 0) return { bytes: positive(fromStatus), source: 'status', at: status.at };
  const fromMetrics = valueOf(metrics)?.quotaBytes ?? 0;
  if (fromMetrics !== 0) return { bytes: positive(fromMetrics), source: 'metrics', at: metrics.at };
  const configured = snapshot.configuredQuotaBytes;
  if (configured !== null) return { bytes: configured, source: 'configuration', at: 0 };
  return { bytes: DEFAULT_QUOTA_BYTES, source: 'default', at: 0 };
}

/** etcd says "no quota" with a negative number. */
function positive(quotaBytes: number): number {
  return quotaBytes < 0 ? Infinity : quotaBytes;
}

function alarmsOf(snapshot: Snapshot, id: string | null): readonly string[] {
  const alarms = valueOf(snapshot.facts.alarms)?.alarms ?? [];
  return alarms.filter((alarm) => alarm.memberId === id).map((alarm) => alarm.kind);
}

function statusAt(snapshot: Snapshot, endpoint: string): Fact<MemberStatus> {
  return factAt(snapshot, valueOf(snapshot.facts.status), endpoint);
}

function metricsAt(snapshot: Snapshot, endpoint: string): Fact<MemberMetrics> {
  return factAt(snapshot, valueOf(snapshot.facts.metrics), endpoint);
}

function factAt<T>(
  snapshot: Snapshot,
  facts: readonly EndpointFact<T>[] | undefined,
  endpoint: string,
): Fact<T> {
  const found = facts?.find((entry) => entry.endpoint === endpoint);
  return found?.fact ?? unknown('not-read', 'not read', snapshot.at);
}

/** Two endpoints that lead to the same member are one member: the one that answers. */
function distinct(views: readonly MemberView[]): readonly MemberView[] {
  const best = (id: string): MemberView | undefined => {
    const same = views.filter((view) => view.id === id);
    return same.find((view) => view.status.known) ?? same[0];
  };
  return views.filter((view) => view.id === null || best(view.id) === view);
}
