import type { AuditEntry } from '../../domain/audit.js';
import type { Clock, Log } from '../../domain/ports.js';

export interface SinkDeps {
  /** For the log: `the audit file`. */
  readonly name: string;
  /** Answers how many of them stand there, from the first one on; fails when it is none. */
  write(entries: readonly AuditEntry[]): Promise<number>;
  /** Told once of every entry that could not be written when it came. */
  late(entry: AuditEntry, error: unknown): void;
  readonly log: Log;
  readonly clock: Clock;
  /** How many missing entries are kept. */
  readonly most: number;
}

const AGAIN_MS = 1000;
/** One write takes so many along: a thousand clicks must not wait for a thousand writes, one after the other. */
const MOST_AT_ONCE = 100;

interface Waiting {
  readonly entry: AuditEntry;
  readonly tried: () => void;
}

/**
 * One of the places in which every entry has to stand, in the order of the calls. What can't be written waits, what comes
 * after it too, and all of it is tried again every second. When too many wait, the oldest are given up.
 */
export class Sink {
  readonly #deps: SinkDeps;
  readonly #waiting: Waiting[] = [];
  readonly #closing = new AbortController();
  #working: Promise<void> | null = null;
  /** Why entries wait; null: none does longer than its write takes. */
  #failure: { readonly error: unknown } | null = null;
  #lost = 0;

  constructor(deps: SinkDeps) {
    this.#deps = deps;
  }

  /** Resolves once the entry stands there, or has to wait. Never fails. */
  put(entry: AuditEntry): Promise<void> {
    return new Promise((tried) => {
      this.#waiting.push({ entry, tried });
      if (this.#waiting.length > this.#deps.most) this.#giveUpOldest();
      if (this.#failure === null) return void this.#work();
      this.#deps.late(entry, this.#failure.error);
      tried();
    });
  }

  /** One last try for what is missing. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#working;
    await this.#work();
    const missing = this.#waiting.length;
    if (missing > 0) this.#deps.log.error({ missing }, `${this.#deps.name} lacks the newest entries`);
  }

  #work(): Promise<void> {
    this.#working ??= this.#writeAll().finally(() => {
      this.#working = null;
    });
    return this.#working;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const next = this.#waiting.slice(0, MOST_AT_ONCE);
      try {
        const written = await this.#deps.write(next.map(({ entry }) => entry));
        this.#done(next.slice(0, written));
      } catch (error) {
        this.#wait(error);
        return;
      }
    }
    if (this.#failure) this.#caughtUp();
  }

  #done(written: readonly Waiting[]): void {
    for (const one of written) {
      // It may have been given up meanwhile, and another one stands there.
      if (this.#waiting[0] === one) this.#waiting.shift();
      one.tried();
    }
  }

  #wait(error: unknown): void {
    if (this.#failure === null) {
      for (const { entry, tried } of this.#waiting) {
        this.#deps.late(entry, error);
        tried();
      }
    }
    this.#failure = { error };
    if (this.#closing.signal.aborted) return;
    void this.#deps.clock.pause(AGAIN_MS, this.#closing.signal).then(() => {
      if (!this.#closing.signal.aborted) void this.#work();
    });
  }

  #caughtUp(): void {
    const { log, name } = this.#deps;
    log.info({ lost: this.#lost }, `${name} has the entries that waited for it`);
    [this.#failure, this.#lost] = [null, 0];
  }

  #giveUpOldest(): void {
    const oldest = this.#waiting.shift();
    const { log, name } = this.#deps;
    if (this.#lost === 0)
      log.error(
        { chain: oldest?.entry.chain, seq: oldest?.entry.seq },
        `${name} will lack the oldest entries`,
      );
    this.#lost += 1;
    oldest?.tried();
  }
}
