import type { Clock } from '../../domain/ports.js';

/** At the default rate also no more bytes a second than these: of values that only the member reads, too. */
const BYTES_PER_SECOND = 16 * 1024 ** 2;
/** One page in so long: small ones, or a slow rate comes in bursts. */
const TICK_MS = 100;
/** What a page may weigh on the member, values too: etcd up to 3.6 reads them also where only keys are asked for. */
const PAGE_BYTES = 4 * 1024 ** 2;
/** Where it goes as fast as it can, and the values stay with the member. */
const MOST_PAGE_BYTES = 16 * 1024 ** 2;
const MOST_KEYS = 40_000;
const FIRST_KEYS = 100;

export interface Paging {
  /** How many keys to ask for next. */
  limit(): number;
  /** What its values weigh on average, as far as they were seen. */
  weighed(valueBytes: number): void;
  /** The last page; `keyBytes`: on average. */
  took(page: { readonly count: number; readonly keyBytes: number }): void;
  /** Waits until the next page is due; at once where there is no rate. */
  due(): Promise<void>;
}

interface Rate {
  readonly readAll: boolean;
  readonly rate: number | null;
  readonly gentle: boolean;
}

export function makePaging(clock: Clock, { rate, gentle, readAll }: Rate): Paging {
  const pageBytes = rate === null && !readAll ? MOST_PAGE_BYTES : PAGE_BYTES;
  let weight = 0;
  let values = 0;
  let at = clock.now();
  const most = rate === null ? MOST_KEYS : Math.min(MOST_KEYS, Math.max(10, (rate * TICK_MS) / 1000));
  let limit = Math.floor(Math.min(FIRST_KEYS, most));
  return {
    limit: () => limit,
    weighed(valueBytes) {
      values = valueBytes;
    },
    took({ count, keyBytes }) {
      if (count > 0) weight = values + keyBytes;
      limit = Math.floor(Math.max(1, Math.min(most, 2 * limit, pageBytes / Math.max(1, weight))));
      if (rate === null) return;
      const perSecond = Math.max(count / rate, gentle ? (count * weight) / BYTES_PER_SECOND : 0);
      // What was slower than its rate is not made up for.
      at = Math.max(at, clock.now() - TICK_MS) + perSecond * 1000;
    },
    async due() {
      const early = at - clock.now();
      if (early > 0) await clock.pause(early);
    },
  };
}
