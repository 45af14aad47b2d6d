import type { PodEvent } from '../../../domain/kubernetes/records.js';
import { at, count, text, time, words } from '../json.js';
import { createdAt } from './meta.js';

/** Older components count in the event itself, newer ones in its series; both are read through core/v1. */
export function podEventOf(item: unknown): PodEvent | null {
  const about = at(item, 'involvedObject');
  const pod = text(at(about, 'name'));
  if (pod === null || at(about, 'kind') !== 'Pod') return null;
  const series = at(item, 'series');
  const eventTime = time(at(item, 'eventTime'));
  const firstAt = time(at(item, 'firstTimestamp')) ?? eventTime ?? createdAt(item);
  return {
    namespace: text(at(about, 'namespace')) ?? text(at(item, 'metadata', 'namespace')) ?? '',
    pod,
    podUid: text(at(about, 'uid')) ?? '',
    reason: text(at(item, 'reason')) ?? '',
    message: words(at(item, 'message')) ?? words(at(item, 'note')) ?? '',
    count: count(at(series, 'count')) ?? count(at(item, 'count')) ?? 1,
    firstAt,
    lastAt: time(at(series, 'lastObservedTime')) ?? time(at(item, 'lastTimestamp')) ?? eventTime ?? firstAt,
  };
}
