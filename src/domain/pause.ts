import type { Actor } from './actor.js';

/** `*` for all clusters, else the name of one. */
export const ALL_CLUSTERS = '*';

/** Nothing starts, and what runs stops after its step, until somebody resumes. */
export interface Pause {
  readonly scope: string;
  readonly by: Actor;
  readonly reason: string;
  readonly at: number;
}
