/** What happened, for later. Never holds a key's value or a secret. */
export interface AuditEvent {
  readonly at: number;
  /** `operation.proposed`, `step.begun`, `process.started`, … */
  readonly event: string;
  /** A Slack user id. */
  readonly who?: string | undefined;
  readonly cluster?: string | undefined;
  readonly operation?: string | undefined;
  readonly planHash?: string | undefined;
  /** What the person gave as the reason. */
  readonly why?: string | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * An event as it is written: one link of the chain of one process. `mac` is keyed and covers all the rest, `prev` among
 * it, which is the `mac` of the entry before: so none can be changed, left out or put between without its being seen.
 */
export interface AuditEntry extends AuditEvent {
  /** The process's own, opaque. */
  readonly chain: string;
  /** 1 for the first entry of a chain, then one more each. */
  readonly seq: number;
  /** Empty for the first. */
  readonly prev: string;
  /** HMAC-SHA-256, hex. */
  readonly mac: string;
}

/** The newest entry of a chain. */
export interface AuditHead {
  readonly chain: string;
  readonly seq: number;
  readonly mac: string;
  readonly at: number;
}

export interface Audit {
  /** Appends in the order of the calls. Never fails the work that it tells of: what can't be written is logged. */
  record(event: AuditEvent): Promise<void>;
}

/** What can be asked of the trail afterwards; milliseconds since the epoch. */
export interface AuditFilter {
  readonly clusters: readonly string[];
  /** Of what names no cluster: events that begin so, `process.`. */
  readonly general: readonly string[];
  readonly who?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly limit: number;
}

export interface AuditTrail {
  /** Newest first. */
  read(filter: AuditFilter): Promise<readonly AuditEntry[]>;
  /** Of every chain that wrote lately. */
  heads(): Promise<readonly AuditHead[]>;
}

/** An entry as it stands in the file, in the stream and in an export: one line of JSON, without its line end. */
export function auditLine(entry: AuditEntry): string {
  const { seq, chain, at, event, who, cluster, operation, planHash, why, detail, prev, mac } = entry;
  const told = { event, who, cluster, operation, planHash, why, detail };
  return JSON.stringify({ seq, chain, at: new Date(at).toISOString(), ...told, prev, mac });
}
