import type { AlertSeverity } from './rule.js';

/** Where incidents go and who is told when nobody looks; as configured. */
export interface AlertSettings {
  /** By rule id and threshold name; what is not named is as the rule has it. Durations in ms, sizes in bytes. */
  readonly limitsOf: (cluster: string) => Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly routes: readonly Route[];
  readonly reminders: { readonly firstMs: number; readonly mostMs: number };
  readonly escalation: Escalation | null;
  readonly digest: Digest | null;
  readonly heartbeatEveryMs: number;
}

/** The first that fits an incident tells its channel; an empty list fits all. */
export interface Route {
  readonly clusters: readonly string[];
  readonly environments: readonly string[];
  readonly severities: readonly AlertSeverity[];
  readonly channel: string;
}

/** When nobody has acknowledged a critical incident in time. */
export interface Escalation {
  readonly afterMs: number;
  /** Slack user groups that are mentioned in the thread. */
  readonly groups: readonly string[];
  /** Another channel that is told, too. */
  readonly channel: string | null;
}

export interface Digest {
  readonly every: 'day' | 'week';
  /** Minutes since local midnight. */
  readonly atMinute: number;
  readonly weekday: string;
  readonly zone: string;
}
