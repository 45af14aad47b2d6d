import type { AuditEntry } from '../../domain/audit.js';
import { chainKey, parsedOf, readEntry } from './chain.js';
import { compareEnds } from './ends.js';
import { firstReading, flawAgainstMarks, flawAtBeginning, flawBetween, goOn, type Reading } from './links.js';
import type { Broken, Flaw, Line, Mark, Report } from './report.js';

export interface VerifySetting {
  /** STEWARD_KEY. */
  readonly key: string;
  /** Entries that are known from elsewhere: the ends of the chains in Redis, or as they were posted. */
  readonly marks: readonly Mark[];
  /** The lines were picked, as an export picks them: each is proven by itself, not that none is missing. */
  readonly excerpt?: boolean;
}

interface Proof {
  readonly key: Buffer;
  readonly setting: VerifySetting;
  readonly chains: Map<string, Reading>;
  readonly torn: Line[];
  broken: Broken | null;
}

/**
 * Proves the chains of these lines, or names the first entry at which one of them does not hold. The lines of several
 * chains may be mixed; rotated files come oldest first. Line by line: files may be longer than memory.
 */
export async function verifyChains(
  lines: AsyncIterable<Line> | Iterable<Line>,
  setting: VerifySetting,
): Promise<Report> {
  const proof: Proof = { key: chainKey(setting.key), setting, chains: new Map(), torn: [], broken: null };
  for await (const line of lines) take(proof, line);
  const { chains, torn } = proof;
  const readings = [...chains.values()];
  const ends = setting.excerpt === true ? null : compareEnds(readings, setting.marks);
  const broken = proof.broken ?? ends?.broken ?? null;
  return { chains: readings.map(({ report }) => report), broken, torn, elsewhere: ends?.elsewhere ?? 0 };
}

function take(proof: Proof, line: Line): void {
  if (line.text === '') return;
  if (isTorn(line.text)) return void proof.torn.push(line);
  const entry = readEntry(proof.key, line.text);
  if (entry.ok) {
    linked(proof, line, entry.value);
    return;
  }
  const kind = parsedOf(line.text) === null ? 'unreadable' : 'changed';
  breaks(proof, line, { kind, why: entry.reason });
}

const BEGINNING = '{"seq":';

/** The beginning of an entry of ours, and no more: the process or the machine died in the middle of the write. */
function isTorn(text: string): boolean {
  // Where a machine lost its power, zeros may stand instead of text.
  const written = text.split('\0', 1)[0] ?? '';
  const ours = written.startsWith(BEGINNING) || BEGINNING.startsWith(written);
  return ours && parsedOf(text) === null;
}

function linked(proof: Proof, line: Line, entry: AuditEntry): void {
  const before = proof.chains.get(entry.chain);
  const reading = before ?? firstReading(entry, proof.setting.marks);
  const flaw = before ? flawBetween(before, entry) : flawAtBeginning(entry);
  if (before) goOn(before, entry);
  else proof.chains.set(entry.chain, reading);
  if (proof.setting.excerpt === true) return;
  for (const one of [flaw, flawAgainstMarks(reading, entry)]) if (one) breaks(proof, line, one);
  if (flaw?.kind === 'reordered') foundLater(proof, entry);
}

/** What seemed to be missing comes after all: it is the order that was changed. */
function foundLater(proof: Proof, { chain, seq }: AuditEntry): void {
  const { broken } = proof;
  if (broken?.kind !== 'missing' || broken.chain !== chain) return;
  proof.broken = {
    ...broken,
    kind: 'reordered',
    why: `it stands before entry ${String(seq)}: the order was changed`,
  };
}

function breaks(proof: Proof, { file, number, text }: Line, flaw: Flaw): void {
  const { chain, seq, at, event } = parsedOf(text) ?? {};
  proof.broken ??= {
    ...flaw,
    file,
    line: number,
    chain: typeof chain === 'string' ? chain : null,
    seq: typeof seq === 'number' ? seq : null,
    time: typeof at === 'string' ? at : null,
    event: typeof event === 'string' ? event : null,
  };
}
