import type { Past } from '../snapshot.js';
import type { AlertBook } from './incident.js';

const FULL = 'nospace';
/** What ended longer ago does not explain what hangs now. */
const LATELY_MS = 24 * 3_600_000;

/** What the monitor has seen that a diagnosis needs. */
export function pastOf(book: Pick<AlertBook, 'incidents' | 'trend'>, now: number): Past {
  const signals = book.incidents.flatMap(({ signals, resolved }) =>
    signals
      .filter(({ rule }) => rule === FULL)
      .map(({ since, cleared }) => ({ since, until: cleared?.at ?? resolved?.at ?? null })),
  );
  const firing = signals.filter(({ until }) => until === null).map(({ since }) => since);
  const ended = signals.flatMap(({ until }) => until ?? []).filter((at) => at > now - LATELY_MS);
  return {
    fullSince: firing.length === 0 ? null : Math.min(...firing),
    fullUntil: firing.length > 0 || ended.length === 0 ? null : Math.max(...ended),
    compactedAt: book.trend?.notCompactedSince ?? null,
  };
}
