import { known, valueOf } from '../src/domain/fact.js';
import type { MemberMetrics, Snapshot } from '../src/domain/snapshot.js';
import { isBefore, minorOf, partsOf } from '../src/domain/version.js';
import { NOW } from './healthy.js';
import { withEveryMetrics, withEveryStatus, withFact } from './overrides.js';

const NEVER = Infinity;

/** The first patch of a minor that has the metric; a minor that is not named has it from its first patch on. */
const FIRST_PATCH: Readonly<Partial<Record<keyof MemberMetrics, Readonly<Record<string, number>>>>> = {
  quotaBytes: { '3.2': 24, '3.3': 9 },
  inUseBytes: { '3.2': 24, '3.3': 9 },
  defragmentations: { '3.2': 24, '3.3': 9 },
  currentRevision: { '3.2': 27, '3.3': 16, '3.4': 1 },
  compactRevision: { '3.2': 27, '3.3': 16, '3.4': 1 },
  compactedKeys: { '3.2': NEVER },
  lastCompactionAt: { '3.2': NEVER, '3.3': NEVER, '3.4': NEVER },
  leases: { '3.2': NEVER, '3.3': NEVER },
  defragmenting: { '3.2': NEVER, '3.3': NEVER, '3.4': 18, '3.5': 2 },
};

/** Every member on another version, without what that version does not say. */
export function onVersion(snapshot: Snapshot, version: string): Snapshot {
  const old = isBefore(version, '3.4.0');
  const fields = old ? { inUseBytes: null, appliedIndex: null, errors: null } : {};
  const told = withEveryMetrics(withEveryStatus(snapshot, { version, ...fields }), missingIn(version));
  const alarms = valueOf(told.facts.alarms)?.alarms ?? [];
  return old ? withFact(told, 'alarms', known({ alarms, source: 'alarm-list' }, NOW, 9)) : told;
}

/**
 * What etcd 3.2.18, the version of the incident, answers. No such server was asked: it is built from the fields and
 * metrics that were published for this version.
 */
export function publishedAnswers3218(snapshot: Snapshot): Snapshot {
  return onVersion(snapshot, '3.2.18');
}

function missingIn(version: string): Partial<MemberMetrics> {
  const patch = partsOf(version)?.[2] ?? 0;
  const missing = Object.entries(FIRST_PATCH).filter(([, first]) => patch < (first[minorOf(version)] ?? 0));
  return Object.fromEntries(missing.map(([metric]) => [metric, null]));
}
