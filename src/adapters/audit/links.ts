import type { AuditEntry } from '../../domain/audit.js';
import type { ChainReport, Flaw, Mark } from './report.js';

/** One chain as far as it has been read. */
export interface Reading {
  report: ChainReport;
  /** Entries of this chain that are known from elsewhere. */
  readonly marks: readonly Mark[];
  /** The first entries that were not there when a later one was read. */
  gap: { readonly from: number; readonly to: number } | null;
}

export function firstReading(entry: AuditEntry, marks: readonly Mark[]): Reading {
  const { chain, seq, at, mac } = entry;
  const span = { first: seq, last: seq, from: at, until: at };
  const report = { chain, entries: 1, ...span, mac, role: roleOf(entry), compared: false };
  return { report, marks: marks.filter((mark) => chain.startsWith(mark.chain)), gap: null };
}

/** Takes the next entry of the chain in; an earlier one only counts. */
export function goOn(reading: Reading, entry: AuditEntry): void {
  const { report } = reading;
  const { seq, at, mac } = entry;
  const entries = report.entries + 1;
  if (seq > report.last + 1) reading.gap ??= { from: report.last + 1, to: seq - 1 };
  if (seq <= report.last) reading.report = { ...report, entries };
  else reading.report = { ...report, entries, last: seq, until: at, mac, role: report.role ?? roleOf(entry) };
}

/** What is wrong with the beginning of a chain. */
export function flawAtBeginning({ seq, prev }: AuditEntry): Flaw | null {
  if (seq === 1 && prev === '') return null;
  return { kind: 'no-beginning', why: `its chain begins here, at ${String(seq)}: give the older file too` };
}

/** How an entry does not follow what was read of its chain; null: it does. */
export function flawBetween({ report, gap }: Reading, { seq, prev }: AuditEntry): Flaw | null {
  const { last, mac } = report;
  if (seq === last + 1)
    return prev === mac ? null : { kind: 'forked', why: 'it does not follow the entry before it' };
  if (seq > last + 1) return { kind: 'missing', why: `before it ${entriesText(last + 1, seq - 1)} missing` };
  const late = gap !== null && seq >= gap.from && seq <= gap.to;
  return late
    ? { kind: 'reordered', why: `it comes after entry ${String(last)}: the order was changed` }
    : { kind: 'repeated', why: 'it stands in the files a second time' };
}

export function entriesText(from: number, to: number): string {
  return from === to ? `entry ${String(from)} is` : `entries ${String(from)} to ${String(to)} are`;
}

/** Whether the entry is the one that is known from elsewhere. */
export function flawAgainstMarks(reading: Reading, { seq, mac }: AuditEntry): Flaw | null {
  const marks = reading.marks.filter((mark) => mark.seq === seq);
  if (marks.length === 0) return null;
  if (marks.every((mark) => mac.startsWith(mark.mac))) {
    reading.report = { ...reading.report, compared: true };
    return null;
  }
  return { kind: 'other-than-known', why: 'another entry of this number is known to Redis, or was posted' };
}

function roleOf({ event, detail }: AuditEntry): string | null {
  const role = event === 'process.started' ? detail?.['role'] : null;
  return typeof role === 'string' ? role : null;
}
