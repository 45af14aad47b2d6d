import { activityBetween } from '../domain/alerting/differences.js';
import type { Activity } from '../domain/alerting/past.js';
import { valueOf, type Fact } from '../domain/fact.js';
import type { MemberSample } from '../domain/ports.js';
import type { EndpointFact, MemberMetrics, MemberStatus, Snapshot } from '../domain/snapshot.js';

export interface Before {
  /** The sample before; null: there is none. */
  readonly last: Snapshot | null;
  /** The metrics of the new one were read anew. */
  readonly metricsRead: boolean;
}

/** What one sample says of each member that answered, by member id. */
export function memberSamples(
  snapshot: Snapshot,
  { last, metricsRead }: Before,
): Readonly<Record<string, MemberSample>> {
  const samples: Record<string, MemberSample> = {};
  for (const endpoint of snapshot.endpoints) {
    const status = at(snapshot.facts.status, endpoint);
    const metrics = at(snapshot.facts.metrics, endpoint);
    const id = valueOf(status)?.memberId ?? snapshot.lastOwners?.[endpoint];
    // Sizes of a minute ago are no sizes of now.
    const sizes = status?.known || metricsRead ? sizesOf(snapshot, valueOf(status), valueOf(metrics)) : null;
    if (id === undefined || !sizes) continue;
    const activity = metricsRead ? activityOf(at(last?.facts.metrics, endpoint), metrics) : null;
    samples[id] = activity ? { ...sizes, activity } : sizes;
  }
  return samples;
}

type Sizes = Omit<MemberSample, 'activity'>;

/** By Status, which is fresh; a member that is defragmented, or refuses it to our user, still shows its metrics. */
function sizesOf(
  { configuredQuotaBytes }: Snapshot,
  status: MemberStatus | undefined,
  metrics: MemberMetrics | undefined,
): Sizes | null {
  const sizeBytes = status?.sizeBytes ?? metrics?.sizeBytes ?? null;
  if (sizeBytes === null) return null;
  const quota = status?.quotaBytes ?? metrics?.quotaBytes ?? configuredQuotaBytes;
  return {
    sizeBytes,
    inUseBytes: status?.inUseBytes ?? metrics?.inUseBytes ?? null,
    // Negative: the member has none.
    quotaBytes: quota !== null && quota > 0 ? quota : null,
  };
}

function activityOf(
  before: Fact<MemberMetrics> | undefined,
  after: Fact<MemberMetrics> | undefined,
): Activity | null {
  if (!before?.known || !after?.known) return null;
  return activityBetween({ at: before.at, metrics: before.value }, { at: after.at, metrics: after.value });
}

function at<T>(fact: Fact<readonly EndpointFact<T>[]> | undefined, endpoint: string): Fact<T> | undefined {
  return valueOf(fact)?.find((entry) => entry.endpoint === endpoint)?.fact;
}
