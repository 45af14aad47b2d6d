import type { FactName, Snapshot } from './snapshot.js';

export type Severity = 'ok' | 'info' | 'warning' | 'critical' | 'unknown';

/** Worst first. `unknown` outranks `warning`: what can't be seen may be the trouble. */
export const SEVERITIES: readonly Severity[] = ['critical', 'unknown', 'warning', 'info', 'ok'];

/** What a check says of the facts that it was handed. */
export interface Observation {
  readonly severity: Severity;
  /** One sentence, with the numbers that matter, names members by name. */
  readonly summary: string;
  /** The readings it rests on, a line each. */
  readonly evidence?: readonly string[];
  /** What to do about it, one sentence in the imperative. */
  readonly advice?: string;
  /** How several facts hang together, in a paragraph; leads the diagnosis in the summary's place. */
  readonly story?: string;
  /** The runbook that helps against this very thing, in the place of the check's; null: none. */
  readonly runbook?: string | null;
}

/** An observation with what the catalogue knows of its check. */
export interface Finding extends Observation {
  /** The check's id. */
  readonly check: string;
  readonly title: string;
  readonly why: string;
  /** The runbook that helps, where one does and the severity asks for it. */
  readonly runbook: string | null;
}

/** A pure function from the facts that it names to observations. */
export interface Check {
  /** A noun phrase, as a person reads it. */
  readonly title: string;
  /** Why it matters, one sentence. */
  readonly why: string;
  /** Id of the runbook that helps, if one does. */
  readonly runbook: string | null;
  /** It is handed exactly these; where one of them could not be read the finding is `unknown`. */
  readonly needs: readonly FactName[];
  /** Facts that it uses where they are known, and can do without. */
  readonly uses?: readonly FactName[];
  /** Among findings of equal severity the lower rank comes first. */
  readonly rank: number;
  run(snapshot: Snapshot): readonly Observation[];
}

const UNREAD = ': could not be read (';

/** What is said of a check whose fact could not be read. */
export function unreadSummary(title: string, reason: string): string {
  return `${title}${UNREAD}${reason})`;
}

/** Why its fact could not be read; null: the finding is about something else. */
export function unreadReason({ severity, title, summary }: Finding): string | null {
  const head = `${title}${UNREAD}`;
  return severity === 'unknown' && summary.startsWith(head) ? summary.slice(head.length, -1) : null;
}
