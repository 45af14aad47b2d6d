import type { Actor } from '../actor.js';
import type { Trend } from './past.js';
import type { AlertSeverity } from './rule.js';

/*
 * An incident: what fires on one cluster of one cause, from the first firing to the resolution; one Slack thread. Its root
 * message always shows the newest state; every event is one reply in the thread, posted once, never changed.
 *
 * firing ─every signal clear for long enough→ resolved ─fires again soon→ firing (the same thread)
 */

/** One rule's part in an incident. */
export interface Signal {
  readonly rule: string;
  readonly title: string;
  readonly means: string;
  readonly advice: string;
  readonly runbook: string | null;
  readonly severity: AlertSeverity;
  /** Since when it was seen, not since it was told. */
  readonly since: number;
  readonly summary: string;
  readonly evidence: readonly string[];
  /** It follows from another one that fires. */
  readonly swallowed?: boolean | undefined;
  /** It has ended; the incident may go on by another. */
  readonly cleared?: { readonly at: number; readonly because: string } | undefined;
}

export type IncidentEventKind =
  | 'opened'
  | 'reopened'
  | 'worse'
  | 'better'
  | 'joined'
  | 'part-cleared'
  | 'acknowledged'
  | 'muted'
  | 'unmuted'
  | 'reminder'
  | 'escalated'
  | 'flapping'
  | 'resolved';

/** Something that changed, as it was told. */
export interface IncidentEvent {
  /** 1, 2, …: its message's id in the thread. */
  readonly number: number;
  readonly at: number;
  readonly kind: IncidentEventKind;
  /** One sentence for a person. */
  readonly text: string;
  readonly by?: Actor | undefined;
  /** User groups to mention (`escalated`), and channels to tell besides the thread. */
  readonly mention?: readonly string[] | undefined;
  readonly alsoIn?: readonly string[] | undefined;
  /** A picture of the sizes is posted with it. */
  readonly chart?: boolean | undefined;
}

export interface Incident {
  readonly id: string;
  /** Grows with every change that is to be shown. */
  readonly version: number;
  /** `*`: all clusters, the monitor itself. */
  readonly cluster: string;
  readonly environment: string | null;
  readonly cause: string;
  readonly state: 'firing' | 'resolved';
  /** Of the worst signal now, and the worst that it ever was. */
  readonly severity: AlertSeverity;
  readonly worst: AlertSeverity;
  /** When the first signal was seen. */
  readonly since: number;
  readonly openedAt: number;
  readonly changedAt: number;
  /** Worst first, those that are cleared last. */
  readonly signals: readonly Signal[];
  readonly resolved?: { readonly at: number; readonly because: string } | undefined;
  /** Holds for this severity: what gets worse wants another look. */
  readonly acknowledged?: { readonly by: Actor; readonly at: number } | undefined;
  readonly mute?: Mute | undefined;
  /** Why nothing is told of it just now: `a maintenance window is open`, `my own operation runs`. */
  readonly quiet?: string | undefined;
  /** Nothing that a person has to know has been posted yet: it was muted or quiet from the start. */
  readonly untold?: boolean | undefined;
  /** How it was when it was told last: what differs from this is news as soon as it may be told. Absent: not told yet. */
  readonly told?: Told | undefined;
  readonly events: readonly IncidentEvent[];
  readonly remindedAt: readonly number[];
  readonly escalatedAt?: number | undefined;
  /** Fallen and risen often lately: it has to stay clear for longer. */
  readonly flapping?: boolean | undefined;
  /** Where its thread stands. */
  readonly channel: string;
  /** A line of text that draws the sizes, and the sentence of the forecast; null: nothing is known. */
  readonly picture: { readonly spark: string; readonly forecast: string | null } | null;
  /** The operation that was proposed from its thread last. */
  readonly operationId?: string | undefined;
}

export interface Told {
  readonly state: Incident['state'];
  readonly severity: AlertSeverity;
  /** Ids of the rules that fired. */
  readonly rules: readonly string[];
}

/** Nothing is told of a rule (`*`: of any) on a cluster until then. */
export interface Mute {
  readonly cluster: string;
  readonly rule: string;
  readonly until: number;
  readonly by: Actor;
  readonly reason: string;
  readonly at: number;
}

/** One rule on one cluster between two samples, whether it is told or not. */
export interface RuleState {
  readonly rule: string;
  /** What it saw last; `unknown` keeps what was. */
  readonly severity: AlertSeverity | null;
  /** Since when it has been seen at this severity or worse without a break, by severity. */
  readonly seenSince: Readonly<Partial<Record<AlertSeverity, number>>>;
  readonly clearSince: number | null;
  readonly summary: string;
  readonly evidence: readonly string[];
  readonly because: string | null;
  /** When it began to fire, lately: for flap control. */
  readonly begun: readonly number[];
}

/** All that is known of one cluster's alerts: one record, changed by compare-and-swap on `version`. */
export interface AlertBook {
  readonly cluster: string;
  readonly version: number;
  readonly watchedSince: number;
  /** Worked out every few minutes. */
  readonly trend: Trend | null;
  readonly lastBackupAt: number | null;
  readonly rules: Readonly<Record<string, RuleState>>;
  /** Those that fire, and those that ended so lately that they may fire again. */
  readonly incidents: readonly Incident[];
}

/** What is worth a glance of one cluster, written with every sample: for lists, App Home and digest. */
export interface Outlook {
  readonly cluster: string;
  readonly at: number;
  /** Nothing could be read since then; null: it can be read. */
  readonly unreadableSince: number | null;
  /** The worst finding, and its sentence. */
  readonly severity: 'ok' | 'info' | 'warning' | 'critical' | 'unknown';
  readonly summary: string;
  readonly members: number;
  /** Of the fullest member. */
  readonly sizeBytes: number | null;
  readonly inUseBytes: number | null;
  readonly quotaBytes: number | null;
  readonly share: number | null;
  readonly trend: Trend | null;
  readonly incidents: readonly {
    readonly id: string;
    readonly severity: AlertSeverity;
    readonly title: string;
  }[];
}
