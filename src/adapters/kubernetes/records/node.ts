import type { NodeRecord } from '../../../domain/kubernetes/records.js';
import { at, each, text, time, words } from '../json.js';
import { condition, refOf } from './meta.js';

const TROUBLES = ['DiskPressure', 'MemoryPressure', 'PIDPressure', 'NetworkUnavailable'];

export function nodeOf(item: unknown): NodeRecord | null {
  const ref = refOf(item);
  if (!ref) return null;
  const ready = at(condition(item, 'Ready'), 'status');
  return {
    name: ref.name,
    ready: ready === 'True' || ready === 'False' ? ready : 'Unknown',
    troubles: each(TROUBLES, (type) => troubleOf(String(type), condition(item, String(type)))),
    cordoned: at(item, 'spec', 'unschedulable') === true,
    kubelet: text(at(item, 'status', 'nodeInfo', 'kubeletVersion')) ?? '',
  };
}

/** Of a node whose kubelet is silent they are all `Unknown`, which says no more than that it is silent. */
function troubleOf(type: string, found: unknown): NodeRecord['troubles'][number] | null {
  if (at(found, 'status') !== 'True') return null;
  return {
    type,
    reason: text(at(found, 'reason')) ?? '',
    message: words(at(found, 'message')) ?? '',
    since: time(at(found, 'lastTransitionTime')),
  };
}
