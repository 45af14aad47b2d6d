import type { Row } from './table.js';

export interface Outcome {
  readonly rows: readonly Row[];
  /** The bot's resident memory once it was through; left out where no bot of its own was started. */
  readonly memoryBytes?: number;
}

/** `say` tells how it goes, one line each. */
export type Bench = (say: (line: string) => void) => Promise<Outcome>;
