import type { PodRecord } from '../../../domain/kubernetes/records.js';
import { at, count, each, list, text, texts, time, words } from '../json.js';
import { condition, createdAt, ownerOf, refOf } from './meta.js';

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed'] as const;

export function podOf(item: unknown): PodRecord | null {
  const ref = refOf(item);
  if (!ref) return null;
  const [spec, status] = [at(item, 'spec'), at(item, 'status')];
  const phase = at(status, 'phase');
  const node = text(at(spec, 'nodeName'));
  const { namespace, name, uid } = ref;
  return {
    // Not spread: V8 would make a hidden class for each pod then, old and never used again; that is 40 MB for 10,000 pods.
    namespace,
    name,
    uid,
    labels: texts(at(item, 'metadata', 'labels')),
    node,
    phase: PHASES.find((one) => one === phase) ?? 'Unknown',
    createdAt: createdAt(item),
    scheduledAt: node === null ? null : scheduledAt(item),
    unschedulable: unschedulable(item),
    waiting: waitingOf(status),
    addresses: addressesOf(status),
    ready: at(condition(item, 'Ready'), 'status') === 'True',
    hostNetwork: at(spec, 'hostNetwork') === true,
    deletingSince: deletingSince(item),
    owner: ownerOf(item),
  };
}

/** The condition's time may be missing, and the kubelet's own note of the pod comes a moment later. */
function scheduledAt(item: unknown): number | null {
  const scheduled = condition(item, 'PodScheduled');
  const since = at(scheduled, 'status') === 'True' ? time(at(scheduled, 'lastTransitionTime')) : null;
  return since ?? time(at(item, 'status', 'startTime'));
}

/** A pod that waits for its scheduling gates has not been tried. */
function unschedulable(item: unknown): string | null {
  const scheduled = condition(item, 'PodScheduled');
  const reason = at(scheduled, 'reason');
  if (at(scheduled, 'status') !== 'False' || reason === 'SchedulingGated') return null;
  return words(at(scheduled, 'message')) ?? text(reason) ?? 'no reason given';
}

function waitingOf(status: unknown): PodRecord['waiting'] {
  const containers = [...list(at(status, 'initContainerStatuses')), ...list(at(status, 'containerStatuses'))];
  return each(containers, (container) => {
    const reason = text(at(container, 'state', 'waiting', 'reason'));
    return reason === null ? null : { reason, message: words(at(container, 'state', 'waiting', 'message')) };
  });
}

function addressesOf(status: unknown): readonly string[] {
  const several = each(list(at(status, 'podIPs')), (one) => text(at(one, 'ip')));
  const single = text(at(status, 'podIP'));
  return several.length > 0 || single === null ? several : [single];
}

/** The API writes down when the pod's grace is over, not when it began. */
function deletingSince(item: unknown): number | null {
  const over = time(at(item, 'metadata', 'deletionTimestamp'));
  const grace = count(at(item, 'metadata', 'deletionGracePeriodSeconds')) ?? 0;
  return over === null ? null : over - grace * 1000;
}
