import type { Observation } from '../finding.js';
import { cronJobsClaim, fullSince, historyClaim, type Claim } from './filling.js';
import { cantWrite, others, podEvidence, type Matter } from './matter.js';
import { podsDo } from './words.js';

/** Pods hang, their address was refused, and this etcd is full: the incident. */
export function fullStory(matter: Matter): Observation {
  const { snapshot, refused, certain, etcd } = matter;
  const because = `${podsDo(refused, ['hangs', 'hang'])} ${certain ? 'because' : 'most likely because'} ${cantWrite(matter)}`;
  const { words, evidence } = filledBecause(matter);
  return {
    severity: 'critical',
    summary: `${because}: ${snapshot.cluster} is full`,
    story: `${because}: its etcd ${snapshot.cluster} ${fullSince(snapshot)}${words}.${others(matter)}`,
    evidence: [...podEvidence(matter), `Certain: ${etcd.because}`, ...evidence],
    advice:
      'Approve the fix: compact, defragment each member, then disarm; `/etcd fix` proposes it, and the pods start by themselves',
    runbook: 'fix',
  };
}

/** `; it most likely filled because A, B start 900 pods an hour and nothing was compacted since Tuesday 14:05 UTC`. */
function filledBecause({ snapshot }: Matter): {
  readonly words: string;
  readonly evidence: readonly string[];
} {
  const history = historyClaim(snapshot);
  if (history.live) return { words: `; ${history.words ?? ''}`, evidence: [line(history)] };
  const writers = cronJobsClaim(snapshot);
  const evidence = [history, ...(writers ? [writers] : [])].map(line);
  const known = [writers, history].flatMap((claim) => claim?.words ?? []);
  // That CronJobs write what fills it nobody has seen: a guess makes the whole of it a guess.
  const filled = writers?.words ? 'it most likely filled because' : 'it filled because';
  const why = known.length === 0 ? '; why it filled is not known' : `; ${filled} ${known.join(' and ')}`;
  const who = writers && writers.words === null ? `; who fills it is not known: ${writers.evidence}` : '';
  const how = history.words === null && known.length > 0 ? ` (${history.evidence})` : '';
  return { words: `${why}${how}${who}`, evidence };
}

const CONFIDENCE: Readonly<Record<Claim['confidence'], string>> = {
  certain: 'Certain',
  likely: 'Likely',
  unknown: 'Not known',
};

function line({ confidence, evidence }: Claim): string {
  return `${CONFIDENCE[confidence]}: ${evidence}`;
}
