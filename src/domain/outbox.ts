/*
 * What the bot shows in Slack of its own accord, and how it knows what is shown already.
 */

/** A message of the bot's own accord, to one channel. */
export interface Notice {
  readonly id: string;
  readonly version: number;
  readonly channel: string;
  readonly title: string;
  readonly lines: readonly string[];
}

export interface NoticeStore {
  save(notice: Notice): Promise<void>;
  load(id: string): Promise<Notice | null>;
}

/** What is to be shown in Slack: the newest state of one thing. An older version never replaces a newer one. */
export interface OutboxEntry {
  /** `page`: an incident that pagers are told of. */
  readonly kind: 'answer' | 'operation' | 'notice' | 'incident' | 'page';
  readonly id: string;
  readonly version: number;
}

export interface Outbox {
  put(entry: OutboxEntry): Promise<void>;
}

/** What is still to be shown, and which message in Slack shows which version of what. */
export interface Unsent {
  /** Everything that is not shown yet. */
  list(): Promise<readonly OutboxEntry[]>;
  /** Since when the oldest of them waits, milliseconds since the epoch; null: nothing does. */
  oldest(): Promise<number | null>;
  /** Shown: forgotten, unless a newer version has come meanwhile. */
  sent(entry: OutboxEntry): Promise<void>;
}

export interface PostedMessage {
  readonly version: number;
  readonly channel: string;
  readonly ts: string;
}

/** By marker: the opaque id that a message carries in Slack, by which the bot finds its own message again. */
export interface Ledger {
  find(marker: string): Promise<PostedMessage | null>;
  keep(marker: string, posted: PostedMessage): Promise<void>;
  /** One at a time; false: somebody else is at it, or was within the time. */
  claim(marker: string, ttlMs: number): Promise<boolean>;
  unclaim(marker: string): Promise<void>;
}
