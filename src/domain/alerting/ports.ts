import type { SizeSeries, Activity, MemberActivity, Trend } from './past.js';
import type { AlertBook, Incident, Mute, Outlook } from './incident.js';
import type { AlertSeverity } from './rule.js';

/** Sizes for weeks and activity for half an hour, at most 64 KiB a member: see `past`. */
export interface SeriesStore {
  /** Adds what one sample says, by member id (decimal); a moment that is not newer than the last one is left out. */
  add(cluster: string, at: number, members: Readonly<Record<string, MemberSample>>): Promise<void>;
  /** Oldest first, the finest there is of each span. */
  sizes(cluster: string): Promise<readonly SizeSeries[]>;
  activity(cluster: string): Promise<readonly MemberActivity[]>;
  /** Share of Redis' memory that is used; null: it has no limit. */
  memoryShare(): Promise<number | null>;
  /** Gives memory back: keeps the coarse sizes of these clusters only, until `relax`. Answers how many rows went. */
  thin(clusters: readonly string[]): Promise<number>;
  relax(): Promise<void>;
}

export interface MemberSample {
  readonly sizeBytes: number;
  readonly inUseBytes: number | null;
  readonly quotaBytes: number | null;
  /** Since the reading of the metrics before; absent where the metrics were not read now. */
  readonly activity?: Activity | undefined;
}

/** What `swap` is given and gives back; null: nothing has changed, so nothing is written. */
export type BookChange = (book: AlertBook) => AlertBook | null;

export interface AlertStore {
  /** A cluster that was never watched has an empty book, watched since now. */
  load(cluster: string): Promise<AlertBook>;
  /**
   * Runs `change` on the newest book and writes it by compare-and-swap, again when somebody was faster, so `change` must
   * be pure. Every incident whose version has grown is written as a record of its own, with its outbox rows, in the same
   * step. Answers those incidents.
   */
  swap(cluster: string, change: BookChange): Promise<readonly Incident[]>;
  /** Also those that ended, for a quarter of a year. */
  incident(id: string): Promise<Incident | null>;
  open(): Promise<readonly Incident[]>;
  /** Newest first; open ones and those that ended. */
  recent(limit: number, cluster?: string): Promise<readonly Incident[]>;
  saveOutlook(outlook: Outlook): Promise<void>;
  outlooks(clusters: readonly string[]): Promise<readonly (Outlook | null)[]>;
}

export interface Mutes {
  /** Those that hold still. */
  list(now: number): Promise<readonly Mute[]>;
  set(mute: Mute): Promise<void>;
  /** Answers the mute that was lifted; null: there was none. */
  lift(cluster: string, rule: string): Promise<Mute | null>;
}

/** What the monitors share about the monitoring itself. */
export interface FleetStore {
  /** Since when the monitor is blind; null: it sees. */
  blindSince(): Promise<number | null>;
  setBlind(since: number | null): Promise<void>;
  /** When each cluster was last tried, milliseconds since the epoch. */
  tried(clusters: readonly string[]): Promise<readonly (number | null)[]>;
  markTried(cluster: string, at: number): Promise<void>;
}

/** Tells another system that wakes people. */
export interface Pager {
  /** As configured, for the log; unique and kept, for what was sent is remembered by it. */
  readonly name: string;
  /** It forgets what it is not told again within a few times this span; absent: it keeps it. */
  readonly repeatEveryMs?: number;
  /** Fails with a TargetError; `retryable` where another try may do. */
  send(page: Page): Promise<void>;
}

export interface Page {
  /** The same for every page of one incident. */
  readonly key: string;
  readonly act: 'trigger' | 'acknowledge' | 'resolve';
  readonly cluster: string;
  readonly environment: string | null;
  /** Of the worst signal; may change within one incident, as the cause and the severity never do. */
  readonly rule: string;
  readonly cause: string;
  readonly severity: AlertSeverity;
  readonly summary: string;
  readonly details: readonly string[];
  readonly since: number;
  readonly at: number;
}

/** Tells a dead man's switch that this monitor is alive and sees. */
export interface Heartbeat {
  beat(): Promise<void>;
}

/** What a picture of a cluster's sizes shows. */
export interface ChartData {
  readonly cluster: string;
  readonly at: number;
  readonly members: readonly { readonly label: string; readonly series: SizeSeries }[];
  readonly quotaBytes: number | null;
  readonly trend: Trend | null;
}

/** Draws an SVG as a PNG. */
export interface Painter {
  png(svg: string): Promise<Uint8Array>;
}
