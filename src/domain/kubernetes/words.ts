import type { HangCause, HangingPods } from './facts.js';

/* How a cause is said. */

export const CAUSES: readonly HangCause[] = [
  'address-refused',
  'pool-exhausted',
  'network',
  'node',
  'scheduling',
  'image',
  'volume',
  'config',
  'unknown',
];

interface CauseWords {
  /** In a list of counts: `3 image`. */
  readonly short: string;
  /** A heading. */
  readonly title: string;
  /** What to do, in the imperative. */
  readonly advice: string;
}

export const CAUSE_WORDS: Readonly<Record<HangCause, CauseWords>> = {
  'address-refused': {
    short: 'address refused',
    title: 'Their address can’t be written',
    advice: 'See whether the etcd of their addresses takes writes: `/etcd diagnose` tells',
  },
  'pool-exhausted': {
    short: 'no address left',
    title: 'No address is left for them',
    advice: 'Look at the pools: `/etcd calico`; give back what leaked, or add a pool',
  },
  network: {
    short: 'network',
    title: 'Their network can’t be set up',
    advice: 'Read the log of calico-node (or the network plugin) on these nodes',
  },
  node: {
    short: 'node not ready',
    title: 'Their node is not ready',
    advice: 'See what the node says of itself: `kubectl describe node`',
  },
  scheduling: {
    short: 'scheduling',
    title: 'No node takes them',
    advice: 'Free resources, or mend their selectors and tolerations',
  },
  image: {
    short: 'image',
    title: 'Their image can’t be pulled',
    advice: 'Check the image’s name and tag, the registry and the pull secret',
  },
  volume: {
    short: 'volume',
    title: 'A volume can’t be had',
    advice: 'See the PersistentVolumeClaim and the storage driver',
  },
  config: {
    short: 'configuration',
    title: 'Their container can’t be configured',
    advice: 'See whether the ConfigMaps and Secrets that they name exist',
  },
  unknown: {
    short: 'reason not told',
    title: 'Nothing says why',
    advice: 'See `kubectl describe pod` of one of them, and the kubelet’s log on its node',
  },
};

export function totalOf({ counts }: Pick<HangingPods, 'counts'>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** `3 image, 2 scheduling`, most first. */
export function countsInWords({ counts }: Pick<HangingPods, 'counts'>, leftOut?: HangCause): string {
  return CAUSES.filter((cause) => cause !== leftOut && (counts[cause] ?? 0) > 0)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0))
    .map((cause) => `${counts[cause] ?? 0} ${CAUSE_WORDS[cause].short}`)
    .join(', ');
}

/** `1 pod hangs`, `12 pods hang`. */
export function podsDo(count: number, [one, more]: readonly [string, string]): string {
  return count === 1 ? `1 pod ${one}` : `${count} pods ${more}`;
}

/** Part of a sentence: no full stop. */
export function partOf(reason: string): string {
  return reason.trim().replace(/\.+$/, '');
}
