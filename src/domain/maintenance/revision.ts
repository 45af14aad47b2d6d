import { no, yes, type Refusal, type Verdict } from '../errors.js';
import { valueOf } from '../fact.js';
import type { SeenRevision } from '../runbook.js';
import { age, duration, grouped, milliseconds } from '../units.js';
import type { Ground } from './ground.js';
import { lowestRevision, readMembers } from './voters.js';

/** Kubernetes keeps five minutes of history, Calico ten: whoever lives with those is not disturbed. */
const USUAL_KEEP_MS = 10 * 60_000;

/** Up to where history is compacted. */
export interface Reach {
  readonly revision: number;
  /** One sentence: which revision, and how old it is. */
  readonly sentence: string;
}

/** The revision that was asked for with `--keep` or `--revision`, or the one of ten minutes ago, or the newest. */
export function reachOf(ground: Ground): Verdict<Reach> {
  const { keep, revision } = ground.setting.options;
  if (keep !== undefined && revision !== undefined)
    return no('`--keep` and `--revision` say the same thing in two ways.', ['Give one of them, or none.']);
  const wanted = wantedBy(ground, keep, revision);
  return wanted.ok ? (compactedAlready(ground, wanted.value) ?? wanted) : wanted;
}

type Option = string | boolean | undefined;

function wantedBy(ground: Ground, keep: Option, revision: Option): Verdict<Reach> {
  if (revision !== undefined) return exactly(ground, String(revision));
  if (keep === undefined) return yes(usual(ground));
  const count = wholeNumber(String(keep));
  if (count !== null) return keepingCount(ground, count);
  const ms = milliseconds(String(keep));
  if (ms !== null) return keepingTime(ground, ms);
  return no(`“${String(keep)}” is neither a time nor a number of revisions.`, [
    'Write `--keep 10m`, `--keep 2h` or `--keep 5000`.',
  ]);
}

function wholeNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function usual(ground: Ground): Reach {
  const seen = newestBefore(ground, USUAL_KEEP_MS);
  if (seen) return seenReach(ground, seen);
  const oldest = usable(ground)[0];
  const because = oldest
    ? `the monitor has seen only the last ${age(ground.setting.now - oldest.at)}`
    : 'the monitor has seen no older one yet';
  const revision = lowestRevision(ground.snapshot);
  return { revision, sentence: `Revision ${grouped(revision)}, the newest now: ${because}` };
}

function seenReach({ setting }: Ground, { at, revision }: SeenRevision): Reach {
  const sentence = `Revision ${grouped(revision)}, which was the newest ${age(setting.now - at)} ago`;
  return { revision, sentence };
}

/** Above the lowest member's they are of another time: of a member that is gone, or from before a restore. */
function usable({ snapshot, setting }: Ground): readonly SeenRevision[] {
  const lowest = lowestRevision(snapshot);
  return setting.revisions.filter(({ revision }) => revision <= lowest);
}

function newestBefore(ground: Ground, ms: number): SeenRevision | undefined {
  return usable(ground).findLast(({ at }) => at <= ground.setting.now - ms);
}

function keepingTime(ground: Ground, ms: number): Verdict<Reach> {
  const seen = newestBefore(ground, ms);
  if (seen) return yes(seenReach(ground, seen));
  const oldest = usable(ground)[0];
  const byNumber = 'By number it always works: `--keep 5000` keeps the newest 5 000 revisions.';
  if (!oldest) return no('The monitor has seen no older revision of this cluster yet.', [byNumber]);
  const knownMs = Math.max(0, ground.setting.now - oldest.at);
  const typed =
    knownMs < 60_000 ? `${String(Math.floor(knownMs / 1000))}s` : `${String(Math.floor(knownMs / 60_000))}m`;
  return no(`The monitor knows revisions back to ${age(knownMs)} ago, not to ${duration(ms)} ago.`, [
    `So far back it works: \`--keep ${typed}\`.`,
    byNumber,
  ]);
}

function keepingCount(ground: Ground, count: number): Verdict<Reach> {
  const lowest = lowestRevision(ground.snapshot);
  if (lowest - count < 1) return no(`There are only ${grouped(lowest)} revisions.`, ['Keep fewer of them.']);
  return yes(numberedReach(ground, lowest - count));
}

function exactly(ground: Ground, typed: string): Verdict<Reach> {
  const revision = wholeNumber(typed);
  if (revision === null || revision < 1)
    return no(`“${typed}” is no revision.`, ['Write a whole number from 1 on: `--revision 4812990`.']);
  const lowest = lowestRevision(ground.snapshot);
  if (revision <= lowest) return yes(numberedReach(ground, revision));
  const last = readMembers(ground.snapshot).find(({ status }) => status.value.revision === lowest);
  return no(
    `Revision ${grouped(revision)} is above ${grouped(lowest)}, which is where ${last?.label ?? 'the last member'} is now.`,
    [`The most that can be compacted: \`--revision ${String(lowest)}\`.`],
  );
}

/** How old it is, where the monitor has seen it written: at least so old as the first reading that had it. */
function numberedReach(ground: Ground, revision: number): Reach {
  const { snapshot, setting } = ground;
  const newer = lowestRevision(snapshot) - revision;
  if (newer === 0) return { revision, sentence: `Revision ${grouped(revision)}, the newest now` };
  const written = usable(ground).find((seen) => seen.revision >= revision);
  const old = written
    ? `at least ${age(setting.now - written.at)} old`
    : 'and the monitor has not seen how old it is';
  return { revision, sentence: `Revision ${grouped(revision)}, ${grouped(newer)} before the newest, ${old}` };
}

/** Judged by the members' own metrics; where one of them does not say, the step itself finds out. */
function compactedAlready({ snapshot }: Ground, { revision }: Reach): Refusal | null {
  const known = readMembers(snapshot).map((member) => valueOf(member.metrics)?.compactRevision ?? null);
  const until = Math.min(...known.map((compacted) => compacted ?? -1));
  if (until < revision) return null;
  const lowest = lowestRevision(snapshot);
  const instead = lowest > until ? [`All there is by now: \`--revision ${String(lowest)}\`.`] : [];
  return no(`Nothing to do: history up to revision ${grouped(until)} is compacted already.`, instead);
}
