import { bare } from '../sentence.js';
import type { RunbookSetting } from '../runbook.js';
import type { Snapshot } from '../snapshot.js';
import { restartsOf, type Restarts } from './restart-drafts.js';

const NONE: Restarts = { drafts: [], pods: [], notes: [] };

/**
 * What a fix goes on with once writes go through: the pods that hang now, if their kubelets do not bring them up by
 * themselves. Of a cluster without Kubernetes nothing is said; what could not be looked at is.
 */
export function restartsAfter(
  { facts: { pods } }: Snapshot,
  { kubernetes }: RunbookSetting,
): Pick<Restarts, 'drafts' | 'notes'> {
  if (!pods) return NONE;
  if (!pods.known) return { ...NONE, notes: [unseen(pods.reason)] };
  if (!pods.value.withEvents && pods.value.hanging.length > 0)
    return { ...NONE, notes: [unseen(`why they hang: ${pods.value.blindBecause ?? 'no events'}`)] };
  return restartsOf(pods.value, { patienceMs: kubernetes?.patienceMs ?? 0 });
}

function unseen(why: string): string {
  return `Pods were not looked at (${bare(why)}): whether some still hang afterwards has to be looked at by hand.`;
}
