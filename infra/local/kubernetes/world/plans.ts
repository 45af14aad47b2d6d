import type { PodTemplate } from '../objects/pod.js';
import type { Fate } from './fates.js';

/** What a controller makes its pods from, by the uid of their owner: ReplicaSet, DaemonSet or Job. */
export interface Plan {
  template: PodTemplate;
  /** What befalls a pod that is made now. */
  fate(): Fate;
}

export type Plans = Map<string, Plan>;

/** That many pods, those that are made first, meet this fate; those that come later are as usual. */
export function firstOnes(count: number, fate: Fate, usual: Fate = {}): () => Fate {
  let left = count;
  return () => (left-- > 0 ? { ...usual, ...fate } : usual);
}
