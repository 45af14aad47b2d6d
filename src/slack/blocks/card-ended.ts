import type { KnownBlock } from '@slack/types';
import type { Conclusion, Operation } from '../../domain/operation.js';
import { changeBlocks, reviewLine, watchLine } from './card-outcome.js';
import { stepLines } from './card-steps.js';
import { escape, person, prose, withPeople } from './escape.js';
import { section, sections } from './parts.js';
import { peopleIn } from './people.js';

/** Verdict, reason and numbers first; the steps, where they did not all go as planned, last. */
export function endedBlocks(operation: Operation): readonly KnownBlock[] {
  const { state, steps } = operation;
  const begun = steps.some((record) => record.state !== 'planned');
  const smooth = state === 'succeeded' && steps.every((record) => record.state === 'done');
  const watch = watchLine(operation.watch);
  const returned = operation.watch?.state === 'reraised';
  return [
    ...(returned ? [section(watch ?? '')] : []),
    ...sections(withUntouched(reasonLines(operation), begun || state === 'succeeded')),
    ...(begun ? changeBlocks(operation) : []),
    ...(watch === null || returned ? [] : [section(watch)]),
    ...(begun && !smooth ? sections(stepLines(operation)) : []),
    ...(state === 'succeeded' ? sections(preventionLines(operation)) : []),
  ];
}

/** Only where it went well: who reads of a failure has another worry. */
function preventionLines({ plan: { prevention } }: Operation): readonly string[] {
  if (prevention.length === 0) return [];
  return ['*To keep it from coming back*', ...prevention.map((line) => `•  ${prose(line)}`)];
}

/** The conclusion often names what failed and who ended it; only what it leaves out is added. */
function reasonLines(operation: Operation): readonly string[] {
  const { conclusion } = operation;
  const said = conclusion?.summary ?? '';
  const summary =
    said === '' || saysDenial(operation, said) ? [] : [withPeople(prose(said), peopleIn(operation))];
  const now =
    conclusion?.clusterNow === undefined ? [] : [`*The cluster now*: ${prose(conclusion.clusterNow)}`];
  return [
    ...failureLines(operation, said),
    ...whoLines(operation, said),
    ...summary,
    ...now,
    ...nextLines(operation, conclusion),
  ];
}

function failureLines({ state, steps }: Operation, said: string): readonly string[] {
  const failed = steps.find((record) => record.state === 'failed');
  if (state !== 'failed' || failed === undefined || said.includes(failed.step.label)) return [];
  const why = failed.result === undefined ? '' : `: ${prose(failed.result)}`;
  return [`*${escape(failed.step.label)}* failed${why}`];
}

function whoLines({ state, cancelledBy, reviews }: Operation, said: string): readonly string[] {
  const denial = reviews.find((review) => review.verdict === 'deny');
  if (state === 'denied' && denial) return [reviewLine(denial)];
  if (state !== 'cancelled' || cancelledBy === undefined || said.includes(cancelledBy.userId)) return [];
  return [`Cancelled by ${person(cancelledBy.userId)}`];
}

/** A runbook has the name of the command that proposes it. */
function nextLines({ state, plan, watch }: Operation, conclusion: Conclusion | undefined): readonly string[] {
  const next = conclusion?.next ?? [];
  const told = next.map((line) => `→ ${prose(line)}`);
  if (watch?.state === 'reraised')
    return [...told, `→ \`/etcd diagnose ${escape(plan.cluster, 60)}\` shows why`];
  if (state !== 'stale' && state !== 'expired') return told;
  const command = `/etcd ${escape(plan.runbook, 40)} ${escape(plan.cluster, 60)}`;
  return [
    ...told.filter((line) => !line.startsWith('→ Propose it again')),
    `→ Propose it again: \`${command}\``,
  ];
}

function withUntouched(lines: readonly string[], touched: boolean): readonly string[] {
  const said = lines.some((line) => /nothing was (touched|begun)/i.test(line));
  return touched || said ? lines : [...lines, 'Nothing was touched.'];
}

function saysDenial({ state, reviews }: Operation, said: string): boolean {
  return (
    state === 'denied' && said.startsWith('Denied by') && reviews.some(({ verdict }) => verdict === 'deny')
  );
}
