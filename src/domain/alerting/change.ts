import type { Held, Turn } from './decide.js';
import type { Incident } from './incident.js';

/** An incident before and after a look, and what bears on its being told. */
export interface Change {
  readonly before: Incident | undefined;
  /** With its signals as they are seen now. */
  readonly after: Incident;
  readonly turn: Turn;
  readonly held: Held | null;
  readonly aloud: ReadonlySet<string>;
  readonly flapping: boolean;
}
