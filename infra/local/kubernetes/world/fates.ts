/** What else befalls a pod than the usual: set by its maker, or by a test while it lives. */
export interface Fate {
  /**
   * `image`: its image can't be had; `unschedulable`: no node takes it; `wedged`: once its network could not be set up,
   * its kubelet never tries again.
   */
  hang?: 'image' | 'unschedulable' | 'wedged';
  /** Nobody does anything with it: one of many that are only there to be listed. */
  inert?: true;
  /** Ends by itself after so long. */
  runsForMs?: number;
  /** How it ends then. */
  endsAs?: 'Succeeded' | 'Failed';
}

/** By the pod's uid, so that its replacement has its own. */
export interface Fates {
  of(uid: string): Fate;
  set(uid: string, fate: Fate): void;
  forget(uid: string): void;
}

export function makeFates(): Fates {
  const fates = new Map<string, Fate>();
  return {
    of: (uid) => fates.get(uid) ?? {},
    set: (uid, fate) => void fates.set(uid, { ...fates.get(uid), ...fate }),
    forget: (uid) => void fates.delete(uid),
  };
}
