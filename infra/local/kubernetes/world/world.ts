import type { Ipam } from '../calico/ipam.js';
import type { Store } from '../store.js';
import type { Fates } from './fates.js';
import type { Recorder } from './recorder.js';
import type { Timers } from './timers.js';
import type { SandboxWords } from './words.js';

/** How fast things go. All of them may be changed while it runs. */
export interface Pace {
  /** Between a kubelet's attempts to set up a pod's network. */
  retryMs: number;
  /** From "asked to go" to gone. */
  terminationMs: number;
  /** From its address to running. */
  startMs: number;
  sandboxWords: SandboxWords;
}

/** What the controllers, the scheduler and the kubelets share. */
export interface World {
  store: Store;
  timers: Timers;
  recorder: Recorder;
  fates: Fates;
  ipam: Ipam | undefined;
  pace: Pace;
  now(): number;
}
