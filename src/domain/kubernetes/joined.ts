import { valueOf } from '../fact.js';
import type { Observation } from '../finding.js';
import type { Snapshot } from '../snapshot.js';
import { fineStory } from './joined-fine.js';
import { fullStory } from './joined-full.js';
import { calicoEvidence, mainCause, matterOf, others, podEvidence, type Matter } from './matter.js';
import { CAUSE_WORDS, countsInWords, partOf, podsDo, totalOf } from './words.js';

/*
 * How pods that hang and the state of their etcd hang together: one paragraph, each part with what it rests on. An etcd
 * is blamed only for pods whose address was refused, and only where it is seen to refuse writes.
 */

/** Null: the pods were not read. */
export function joined(snapshot: Snapshot): Observation | null {
  const pods = valueOf(snapshot.facts.pods);
  if (!pods) return null;
  if (totalOf(pods) === 0) return { severity: 'ok', summary: 'No pod hangs' };
  const matter = matterOf(snapshot, pods);
  const told = matter.refused > 0 ? refusedStory(matter) : otherStory(matter);
  return { ...told, evidence: [...(told.evidence ?? []), ...blindness(matter)] };
}

function refusedStory(matter: Matter): Observation {
  switch (matter.etcd.kind) {
    case 'full':
      return fullStory(matter);
    case 'refusing':
      return refusingStory(matter);
    case 'unknown':
      return unseenStory(matter);
    case 'fine':
      return fineStory(matter);
  }
}

/** It takes no writes, but room is not what it lacks. */
function refusingStory(matter: Matter): Observation {
  const { snapshot, etcd, refused } = matter;
  const summary = `${podsDo(refused, ['waits', 'wait'])} for an address, and ${snapshot.cluster} refuses writes`;
  return {
    severity: 'critical',
    summary,
    story: `${summary}: ${etcd.because}. It is not for want of room, so the fix does not help.${others(matter)}`,
    evidence: [...podEvidence(matter), `Certain: ${etcd.because}`],
    advice: 'Mend what keeps etcd from writing first: the findings about its members and its leader say what',
    runbook: null,
  };
}

function unseenStory(matter: Matter): Observation {
  const { snapshot, etcd, refused } = matter;
  const summary = `${podsDo(refused, ['waits', 'wait'])} for an address; whether ${snapshot.cluster} refuses it is not known`;
  return {
    severity: 'warning',
    summary,
    story: `${summary}: ${etcd.because}.${others(matter)}`,
    evidence: [...podEvidence(matter), `Not known: ${etcd.because}`],
    advice: `Try a write: \`/etcd diagnose ${snapshot.cluster} --probe\``,
    runbook: null,
  };
}

/** No address was refused, as far as is told; so etcd is out of it, unless nothing could be told. */
function otherStory(matter: Matter): Observation {
  const { pods, etcd, snapshot } = matter;
  const total = totalOf(pods);
  if (!pods.withEvents && (pods.counts.unknown ?? 0) > 0) return blindStory(matter);
  const counts = countsInWords(pods);
  const summary = `${podsDo(total, ['hangs', 'hang'])}, none for an address that etcd refused: ${counts}`;
  const main = mainCause(pods);
  const full =
    etcd.kind === 'full' ? ` ${snapshot.cluster} is full all the same: that is another trouble.` : '';
  return {
    severity: 'warning',
    summary,
    story: `${summary}.${full}`,
    evidence: [...podEvidence(matter), ...calicoEvidence(snapshot)],
    advice: CAUSE_WORDS[main].advice,
    runbook: null,
  };
}

/** Nobody may say why; a full etcd is a good guess, and is said as a guess. */
function blindStory(matter: Matter): Observation {
  const { pods, etcd, snapshot } = matter;
  const summary = `${podsDo(totalOf(pods), ['hangs', 'hang'])}; why is not known: their events could not be read`;
  const because = pods.blindBecause === undefined ? '' : ` (${partOf(pods.blindBecause)})`;
  const full = etcd.kind === 'full';
  const guess = full
    ? ` ${snapshot.cluster} is full (${etcd.because}), and pods get no address from a full etcd: that is likely the reason, and not proven.`
    : '';
  return {
    severity: 'warning',
    summary,
    story: `${summary}${because}.${guess} By their own state: ${countsInWords(pods)}.`,
    evidence: podEvidence(matter),
    advice: full
      ? 'Approve the fix: `/etcd fix` proposes it; then see which of them still hang'
      : 'Let the bot list events (infra/kubernetes), or see `kubectl describe pod` of one of them',
    runbook: full ? 'fix' : null,
  };
}

function blindness({ pods }: Matter): readonly string[] {
  if (pods.withEvents) return [];
  return [`Not known: events could not be read (${partOf(pods.blindBecause ?? 'not told why')})`];
}
