import type { MemberMetrics } from '../../domain/snapshot.js';
import { countersOf } from './counters.js';
import { names, type Line, type Plain } from './page.js';
import { HANDLED, LABELLED, noTallies, nothingHandled, tally, type Tallies } from './labelled.js';

const wanted: ReadonlySet<string> = new Set(Object.values(names));

/**
 * A member's /metrics, of which only some dozens of two thousand lines matter. Relied on, alike on 3.3.25, 3.4.23, 3.5.16:
 * - compactRevision moves on every member as soon as a compaction is begun. Its end on this member adds one to
 *   compactions, also when there was nothing to remove; compactedKeys counts removed revisions, and then stays.
 *   A refused compaction ("has been compacted") moves nothing.
 * - the end of a defragmentation adds one to defragmentations, on that member alone. Until then Status hangs, while
 *   this page answers and shows defragmenting, where the version has it.
 * - counters begin at zero with the process, compactRevision is kept. A compaction that a crash cut short is finished
 *   at the next start and counted then, so after a restart zero means: finished before, or still at it.
 * - every member counts every lease, also those that it gave out before its start only when they end.
 */
export function parseMetrics(text: string): MemberMetrics {
  const { values, tallies } = scan(text);
  const get: Plain = (name) => values.get(names[name]) ?? null;
  const lastCompaction = get('lastCompaction');
  const started = get('processStart');
  const inflight = get('defragmenting');
  return {
    quotaBytes: get('quota'),
    sizeBytes: get('size') ?? get('sizeOld'),
    inUseBytes: get('inUse'),
    currentRevision: get('currentRevision'),
    compactRevision: get('compactRevision'),
    compactions: get('compactions'),
    compactedKeys: get('compactedKeys'),
    // Seconds; 0: none since the start.
    lastCompactionAt: lastCompaction ? lastCompaction * 1000 : null,
    liveKeys: get('liveKeys'),
    defragmentations: get('defragmentations'),
    defragmenting: inflight === null ? null : inflight > 0,
    watchers: get('watchers'),
    slowWatchers: get('slowWatchers'),
    leases: leasesOf(get('leasesGranted'), get('leasesRevoked')),
    processStartedAt: started === null ? null : Math.round(started * 1000),
    counters: countersOf(get, tallies),
  };
}

/** More ended than began: leases from before the start are among them, so the rest says nothing. */
function leasesOf(granted: number | null, revoked: number | null): number | null {
  if (granted === null || revoked === null || revoked > granted) return null;
  return granted - revoked;
}

const HASH = 35;
const SPACE = 32;
const BRACE = 123;

/** As comments name them: without what a histogram puts behind the name. */
const families: ReadonlySet<string> = new Set(
  [...wanted, ...LABELLED].map((name) => name.replace(/_(?:count|bucket)$/, '')),
);
/** Before the name in a comment: `# HELP ` and `# TYPE ` are as long. */
const COMMENT = '# HELP '.length;

interface Scanned {
  readonly values: ReadonlyMap<string, number>;
  readonly tallies: Tallies;
}

/**
 * One pass: a thousand members' pages come every minute. The comment before each family says its name, so that those
 * that nobody wants, which is most of the page, are jumped over.
 */
function scan(text: string): Scanned {
  const values = new Map<string, number>();
  const tallies = noTallies();
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (text.charCodeAt(start) !== HASH) line({ text, start, end }, values, tallies);
    else if (isUnwanted({ text, start, end })) {
      const next = text.indexOf('\n#', end);
      if (next < 0) break;
      start = next + 1;
      continue;
    }
    start = end + 1;
  }
  return { values, tallies };
}

function isUnwanted({ text, start, end }: Line): boolean {
  const space = text.indexOf(' ', start + COMMENT);
  return space > 0 && space < end && !families.has(text.slice(start + COMMENT, space));
}

function line(at: Line, values: Map<string, number>, tallies: Tallies): void {
  const { text, start, end } = at;
  if (isZero(text, end) && text.startsWith(HANDLED, start)) {
    nothingHandled(tallies);
    return;
  }
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === BRACE) {
      tally(at, index, tallies);
      return;
    }
    if (code !== SPACE) continue;
    const name = text.slice(start, index);
    if (wanted.has(name)) values.set(name, Number.parseFloat(text.slice(index + 1, end)));
    return;
  }
}

const ZERO = 48;

function isZero(text: string, end: number): boolean {
  return text.charCodeAt(end - 1) === ZERO && text.charCodeAt(end - 2) === SPACE;
}
