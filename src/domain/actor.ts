/** A person in Slack. Identity is team and user id together, never a name. */
export interface Actor {
  readonly teamId: string;
  readonly userId: string;
}

/** What Slack says of a person; what it does not say stays undefined. */
export interface Person {
  readonly id: string;
  readonly teamId?: string | undefined;
  readonly bot?: boolean | undefined;
  readonly deleted?: boolean | undefined;
  /** A guest, of one channel or of several. */
  readonly guest?: boolean | undefined;
  /** From another organisation, by Slack Connect. */
  readonly stranger?: boolean | undefined;
}

/** Where in Slack something was asked, and where its answer goes. */
export interface Place {
  readonly channel: string;
  /** The thread's root, when it was asked in a thread or by a button under a message. */
  readonly thread?: string | undefined;
  /** Slack's own way back to the asker: five uses in thirty minutes, works where the bot is no member. */
  readonly responseUrl?: string | undefined;
}

/** People by user id, and Slack user groups by id. */
export interface Group {
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** Who may do what on one cluster, and how long a decision holds. */
export interface Policy {
  /** `channel`: whoever is a member of one of the cluster's channels. */
  readonly viewers: 'channel' | Group;
  readonly operators: Group;
  readonly approvers: Group;
  /** How many approvals an operation needs. */
  readonly approvals: number;
  readonly selfApproval: boolean;
  /** Milliseconds from proposal to the last approval. */
  readonly approveWithinMs: number;
  /** Milliseconds from approval to the start. */
  readonly startWithinMs: number;
  /** Of these approvers one has to agree where it would start outside the cluster's maintenance windows. */
  readonly outsideWindow: Group;
  /** May approve a `fix` under NOSPACE alone, their own proposal too, with a typed reason. Empty: nobody. */
  readonly emergency: Group;
}

/**
 * What a person may ask for: `read` questions, `propose` changes, `review` approves, denies or cancels any; `steer` pauses
 * and resumes, acknowledges and mutes; `outside-window` lets an operation start outside the windows; `emergency` approves alone.
 */
export type Right = 'read' | 'propose' | 'review' | 'steer' | 'outside-window' | 'emergency';
