import type { Cluster } from '../cluster.js';
import type { Finding } from '../finding.js';
import type { Snapshot } from '../snapshot.js';
import type { MemberActivity, Trend } from './past.js';

/** How bad a firing rule is. `critical` wakes somebody. */
export type AlertSeverity = 'info' | 'warning' | 'critical';

/** Worst first. */
export const ALERT_SEVERITIES: readonly AlertSeverity[] = ['critical', 'warning', 'info'];

export function worseThan(one: AlertSeverity, other: AlertSeverity): boolean {
  return ALERT_SEVERITIES.indexOf(one) < ALERT_SEVERITIES.indexOf(other);
}

/** What a threshold counts, which is also how it is written in the configuration: 0.8, 10m, 8GiB, 4. */
export type ThresholdUnit = 'share' | 'duration' | 'bytes' | 'count' | 'seconds' | 'perSecond';

export interface Threshold {
  readonly unit: ThresholdUnit;
  /** Shares of one, milliseconds, bytes, numbers, seconds, numbers a second. */
  readonly value: number;
  /** A noun phrase, for the documentation and the JSON Schema. */
  readonly what: string;
}

export type Thresholds = Readonly<Record<string, Threshold>>;

/** All that a rule may look at. Plain data: a saved one can be replayed in a test. */
export interface AlertView<T extends Thresholds = Thresholds> {
  readonly cluster: Cluster;
  readonly now: number;
  /** The newest sample, with the last reading of what is read more seldom. */
  readonly snapshot: Snapshot;
  /** What the checks say of that sample. */
  readonly findings: readonly Finding[];
  readonly activity: readonly MemberActivity[];
  readonly trend: Trend | null;
  /** When this bot finished a backup last, and since when the monitor has watched; null: never, not known. */
  readonly lastBackupAt: number | null;
  readonly watchedSince: number;
  /** As configured for this cluster. */
  readonly limits: { readonly [K in keyof T]: number };
  /** How this rule fires now: what has begun ends only well below where it began (hysteresis). */
  readonly firing: AlertSeverity | null;
}

/** What a rule sees at one moment. `unknown` keeps whatever was: not seen is neither trouble nor its end. */
export type Reading =
  | {
      readonly state: 'firing';
      readonly severity: AlertSeverity;
      /** One sentence with the numbers that matter, members by name; the cluster's name stands before it already. */
      readonly summary: string;
      /** The readings it rests on, a line each. */
      readonly evidence: readonly string[];
    }
  /** `because`: why it is well now, half a sentence: `m2 answers again`; it ends the incident's story. */
  | { readonly state: 'clear'; readonly because: string }
  | { readonly state: 'unknown'; readonly reason: string };

/** One alert rule: pure. The file's name is its id, and what people mute. */
export interface AlertRule<T extends Thresholds = Thresholds> {
  /** A noun phrase, as a person reads it. */
  readonly title: string;
  /** What it means, one sentence. */
  readonly means: string;
  /** What to do, one sentence in the imperative. */
  readonly advice: string;
  /** Id of the runbook that helps, if one does. */
  readonly runbook: string | null;
  /** Rules of one cause share a thread: `space`, `members`, `disk`, … */
  readonly cause: string;
  /** It joins an open incident of one of these causes instead of opening its own: what follows from it. */
  readonly joins?: readonly string[];
  /** What follows from it: while it fires, these rules stand behind it, and nothing is said of them. */
  readonly swallows?: readonly string[];
  /**
   * It looks back over a window, so it sees what is over for a while still. Swallowed, it waits anew: its own time begins
   * when what it followed from has ended.
   */
  readonly lingers?: true;
  /** `sample`: judged with every sample; `metrics`: when the metrics were read anew. */
  readonly every: 'sample' | 'metrics';
  /** False: told also in a maintenance window and during the bot's own operations. */
  readonly quietInMaintenance: boolean;
  /** Held while the monitor itself is blind. */
  readonly needsSight: boolean;
  readonly thresholds: T;
  /** How long it has to be seen before it is told, milliseconds, by the limits in force. */
  forMs(severity: AlertSeverity, limits: { readonly [K in keyof T]: number }): number;
  judge(view: AlertView<T>): Reading;
}

/** Keeps the thresholds' names in the type, so that a misspelt limit does not compile. */
export function rule<T extends Thresholds>(one: AlertRule<T>): AlertRule {
  return one;
}

export const share = (value: number, what: string): Threshold => ({ unit: 'share', value, what });
export const span = (value: number, what: string): Threshold => ({ unit: 'duration', value, what });
export const size = (value: number, what: string): Threshold => ({ unit: 'bytes', value, what });
export const count = (value: number, what: string): Threshold => ({ unit: 'count', value, what });
export const seconds = (value: number, what: string): Threshold => ({ unit: 'seconds', value, what });
export const perSecond = (value: number, what: string): Threshold => ({ unit: 'perSecond', value, what });
