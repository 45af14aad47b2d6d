import { readHeads } from './adapters/audit/stream.js';
import { placeOf } from './adapters/audit/audit.js';
import { linesOf } from './adapters/audit/lines.js';
import type { ChainReport, Mark, Report } from './adapters/audit/report.js';
import { verifyChains } from './adapters/audit/verify.js';
import { connectFast, ready } from './adapters/redis/connection.js';
import type { Config } from './config/config.js';
import { no, yes, type Verdict } from './domain/errors.js';

const DEADLINE_MS = 3000;

type Say = (line: string) => void;

export interface VerifyFlags {
  /** Oldest first; none: the configured one. */
  readonly file?: readonly string[];
  /** Ends of chains as they were posted: `CHAIN:NUMBER:MAC`. */
  readonly head?: readonly string[];
  readonly excerpt?: boolean;
}

/** Proves the audit files, or names the first broken entry. Answers the exit code. */
export async function verifyAudit(config: Config, flags: VerifyFlags, say: Say): Promise<number> {
  const posted = marksOf(flags.head ?? []);
  if (!posted.ok) return failed(say, posted.reason);
  const files = flags.file ?? [config.audit.file];
  const { excerpt = false } = flags;
  // Before the files are read: what is written meanwhile is no end that was cut off.
  const known = excerpt ? [] : await marksFromRedis(config);
  const key = config.secrets.key.reveal();
  try {
    const marks = [...(known ?? []), ...posted.value];
    const report = await verifyChains(linesOf(files), { key, marks, excerpt });
    for (const chain of report.chains) say(chainText(chain));
    for (const line of notes(report, known)) say(line);
    return verdict(report, { files, excerpt }, say);
  } catch (error) {
    return failed(say, `The audit can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failed(say: Say, reason: string): number {
  say(`✗ ${reason}`);
  return 1;
}

const POSTED = /^([0-9a-f]{8,}):(\d{1,15}):([0-9a-f]{16,64})$/;

function marksOf(heads: readonly string[]): Verdict<readonly Mark[]> {
  const marks: Mark[] = [];
  for (const head of heads) {
    const [, chain, seq, mac] = POSTED.exec(head) ?? [];
    if (chain === undefined || seq === undefined || mac === undefined)
      return no(`--head ${safe(head)} is none: give it as it was posted, CHAIN:NUMBER:MAC`);
    marks.push({ chain, seq: Number(seq), mac });
  }
  return yes(marks);
}

/** Null: Redis does not answer. */
async function marksFromRedis(config: Config): Promise<readonly Mark[] | null> {
  const redis = connectFast(config.secrets.redisUrl.reveal(), () => undefined);
  const here = placeOf(config.audit.file);
  try {
    await ready(redis, DEADLINE_MS);
    const heads = await readHeads(redis, Date.now());
    return heads.map(({ at, file, ...head }) => ({ ...head, known: { at, here: file === here } }));
  } catch {
    return null;
  } finally {
    redis.disconnect();
  }
}

function chainText(chain: ChainReport): string {
  const { entries, from, until, last, mac, role } = chain;
  const what = `${String(entries)} ${entries === 1 ? 'entry' : 'entries'}, ${timeText(from)} to ${timeText(until)}`;
  const end = `${chain.chain.slice(0, 8)}:${String(last)}:${mac.slice(0, 16)}`;
  return `• ${end}  ${what}${role === null ? '' : `, role ${safe(role)}`}`;
}

function notes({ torn, elsewhere }: Report, known: readonly Mark[] | null): readonly string[] {
  return [
    ...torn.map(
      ({ file, number }) =>
        `${file} line ${String(number)} is torn: a process or its machine died in the middle of this write.`,
    ),
    ...(known === null ? ['The ends of the chains could not be compared: Redis does not answer.'] : []),
    ...(elsewhere > 0
      ? [`${String(elsewhere)} more chains that Redis knows are older, or stand in other processes' files.`]
      : []),
  ];
}

interface Given {
  readonly files: readonly string[];
  readonly excerpt: boolean;
}

function verdict({ chains, broken }: Report, { files, excerpt }: Given, say: Say): number {
  if (broken) {
    const { file, line, chain, seq, time, event, why } = broken;
    const where = file === null ? '' : `${file} line ${String(line)}, `;
    const which =
      chain === null
        ? 'an entry'
        : `chain ${safe(chain).slice(0, 8)}, entry ${seq === null ? '?' : String(seq)}`;
    const what = [event, time]
      .filter((one) => one !== null)
      .map(safe)
      .join(', ');
    say(`✗ Broken: ${where}${which}${what === '' ? '' : ` (${what})`}: ${why}.`);
    return 1;
  }
  const count = chains.reduce((sum, { entries }) => sum + entries, 0);
  if (count === 0) return failed(say, `There is no entry in ${files.join(', ')}, so nothing is proven.`);
  const proven = excerpt
    ? 'each was written by this bot and is unchanged; that none is missing takes the whole files'
    : 'none was changed, removed, inserted or moved';
  say(
    `✓ Proven: ${String(count)} entries of ${String(chains.length)} chains in ${files.join(', ')}: ${proven}.`,
  );
  return 0;
}

function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** For a terminal: nothing that could move its cursor, and not too long. */
function safe(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
}
