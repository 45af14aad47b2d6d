import { TargetError } from '../../domain/errors.js';
import type { Owner } from '../../domain/kubernetes/records.js';
import { at, count, list, text } from './json.js';
import { refOf } from './records/meta.js';
import * as resources from './resources.js';

/** The kind that owns pods of this kind of owner; others (a database's operator, …) are known to themselves alone. */
export function controllerOf(target: string, { kind }: Owner): resources.Resource {
  if (Object.hasOwn(resources.CONTROLLERS, kind))
    return resources.CONTROLLERS[kind as keyof typeof resources.CONTROLLERS];
  throw new TargetError('unsupported', target, `how many pods a ${kind} wants is not known here`);
}

/** How many pods that run it wants now; null: another one, which bears its name. */
export function wantedIn({ kind, uid }: Owner): (item: unknown) => number | null {
  return (item) => {
    if (refOf(item)?.uid !== uid || text(at(item, 'metadata', 'deletionTimestamp')) !== null) return null;
    if (kind === 'DaemonSet') return count(at(item, 'status', 'desiredNumberScheduled')) ?? 0;
    // One is what the API server itself writes down where nobody says.
    return kind === 'Job' ? wantedByJob(item) : (count(at(item, 'spec', 'replicas')) ?? 1);
  };
}

/** No more at once than it runs side by side, and none once it has ended. */
function wantedByJob(item: unknown): number {
  const ended = list(at(item, 'status', 'conditions')).some(
    (one) => ['Complete', 'Failed'].includes(text(at(one, 'type')) ?? '') && at(one, 'status') === 'True',
  );
  if (ended || at(item, 'spec', 'suspend') === true) return 0;
  const atOnce = count(at(item, 'spec', 'parallelism')) ?? 1;
  const inAll = count(at(item, 'spec', 'completions')) ?? 1;
  return Math.max(0, Math.min(atOnce, inAll - (count(at(item, 'status', 'succeeded')) ?? 0)));
}
