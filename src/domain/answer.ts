import type { Actor, Place, Policy } from './actor.js';
import type { Incident, Mute, Outlook } from './alerting/incident.js';
import type { Trend } from './alerting/past.js';
import type { ChartData } from './alerting/ports.js';
import type { AuditEntry } from './audit.js';
import type { Finding } from './finding.js';
import type { ChurnReport, KeysReport } from './keys/report.js';
import type { Operation } from './operation.js';
import type { Pause } from './pause.js';
import type { Plan } from './plan.js';
import type { FactName, Snapshot } from './snapshot.js';

/** A question on its way to a reader, as a person asked it in Slack. Plain data: it travels in a job. */
export interface Question {
  /** Id of the answer that it will become; another `version` of the same id replaces the message. */
  readonly id: string;
  readonly version: number;
  /** The command's file name: it also renders the answer. */
  readonly verb: string;
  /** Null: asks about no single cluster. */
  readonly cluster: string | null;
  readonly options: Readonly<Record<string, string | boolean>>;
  readonly asker: Actor;
  readonly place: Place;
  readonly askedAt: number;
  /** Facts that the answer stands on. */
  readonly facts: readonly FactName[];
  /** Ours, over who asked for what; without it nothing is proposed. */
  readonly signature?: string | undefined;
}

/** What came of a question. Rendered by the bot role, newest version only. */
export interface Answer {
  readonly question: Question;
  readonly answeredAt: number;
  readonly body: AnswerBody;
}

export type AnswerBody =
  | {
      readonly kind: 'examination';
      readonly environment?: string | null;
      readonly snapshot: Snapshot;
      readonly findings: readonly Finding[];
      /** Asked for with `--chart`. */
      readonly chart?: ChartData | undefined;
      /** What the monitor worked out last. */
      readonly trend?: Trend | null | undefined;
    }
  | { readonly kind: 'clusters'; readonly clusters: readonly ClusterSummary[] }
  | { readonly kind: 'operations'; readonly operations: readonly Operation[] }
  /** What would be proposed, and what it stands on; nothing was created. */
  | { readonly kind: 'plan'; readonly plan: Plan; readonly snapshot: Snapshot; readonly policy: Policy }
  | { readonly kind: 'history'; readonly entries: readonly AuditEntry[]; readonly more: boolean }
  /** Changes were paused (`pause`) or go on (null); `open`: operations that it concerns now. */
  | { readonly kind: 'steered'; readonly scope: string; readonly pause: Pause | null; readonly open: number }
  | {
      readonly kind: 'incidents';
      readonly incidents: readonly Incident[];
      readonly mutes: readonly Mute[];
    }
  /** Alerts are muted (`mute`), or told again (null). */
  | {
      readonly kind: 'muted';
      readonly cluster: string;
      readonly rule: string;
      readonly mute: Mute | null;
      readonly lifted: readonly Mute[];
    }
  | { readonly kind: 'keys'; readonly report: KeysReport }
  | { readonly kind: 'churn'; readonly report: ChurnReport }
  /** A runbook found no plan, or nothing could start; `safe`: what can still be done; `people`: whom the reason names. */
  | {
      readonly kind: 'refusal';
      readonly reason: string;
      readonly safe: readonly string[];
      readonly people?: readonly string[];
    }
  /** A bug: the log has the stack under this reference. */
  | { readonly kind: 'mishap'; readonly reference: string };

export interface ClusterSummary {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly environment: string | null;
  readonly endpoints: number;
  /** The newest sample; null: none yet. */
  readonly sample: { readonly snapshot: Snapshot; readonly findings: readonly Finding[] } | null;
  readonly outlook?: Outlook | null;
}
