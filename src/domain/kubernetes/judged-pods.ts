import { valueOf } from '../fact.js';
import type { Evidence } from '../operation.js';
import type { Snapshot } from '../snapshot.js';
import type { HangCause } from './facts.js';
import type { ObjectRef, PodRecord } from './records.js';
import { podCount, podName, stateOf, type PodState } from './still-hanging.js';

/** A pod of a plan, and how it stands by now. */
export interface Judged {
  readonly ref: ObjectRef;
  readonly state: PodState;
}

interface Reading {
  readonly records: readonly PodRecord[];
  /** With the fact `pods`, known. */
  readonly snapshot: Snapshot;
}

export function judged(
  cause: HangCause,
  refs: readonly ObjectRef[],
  { records, snapshot }: Reading,
): readonly Judged[] {
  const hanging = valueOf(snapshot.facts.pods)?.hanging ?? [];
  return refs.map((ref) => {
    const pod = records.find(({ uid }) => uid === ref.uid);
    return {
      ref,
      state: stateOf(
        cause,
        pod,
        hanging.find(({ uid }) => uid === ref.uid),
      ),
    };
  });
}

/** Readings of how a batch ended, for the summary of the whole operation. */
export interface PodsOutcome extends Evidence {
  /** Run with an address by themselves. */
  readonly runs: number;
  readonly runsWhich: string;
  readonly restarted: number;
  readonly restartedWhich: string;
  readonly gone: number;
  /** Neither run nor were restarted. */
  readonly left: number;
  /** Each of those with its reason; empty: none. */
  readonly leftWhy: string;
}

/** Of a batch in which nothing had to be restarted. */
export function outcomeOf(pods: readonly Judged[]): PodsOutcome {
  const left = leftWords(pods);
  const up = pods.filter(({ state }) => state.kind === 'runs').map(({ ref }) => ref);
  return {
    runs: up.length,
    runsWhich: up.map(podName).join(', '),
    restarted: 0,
    restartedWhich: '',
    gone: pods.filter(({ state }) => state.kind === 'gone').length,
    left: left.length,
    leftWhy: left.join('; '),
  };
}

function leftWords(pods: readonly Judged[]): readonly string[] {
  return pods.flatMap(({ ref, state }) => {
    if (state.kind === 'left') return [`${podName(ref)}: ${state.because}`];
    return state.kind === 'starts' ? [`${podName(ref)}: it is starting, and nothing is told against it`] : [];
  });
}

/** `2 pods restarted (shop/a, shop/b); 1 pod runs by itself (shop/c); 1 pod is gone; left: shop/db-0: …`. */
export function outcomeText(outcome: PodsOutcome): string {
  const { runs, runsWhich, restarted, restartedWhich, gone, leftWhy } = outcome;
  const parts = [
    ...(restarted > 0 ? [`${podCount(restarted)} restarted (${restartedWhich})`] : []),
    ...(runs > 0
      ? [`${podCount(runs)} ${runs === 1 ? 'runs by itself' : 'run by themselves'} (${runsWhich})`]
      : []),
    ...(gone > 0 ? [`${podCount(gone)} ${gone === 1 ? 'is' : 'are'} gone`] : []),
    ...(leftWhy === '' ? [] : [`left: ${leftWhy}`]),
  ];
  return parts.length === 0 ? 'no pod had to be restarted' : parts.join('; ');
}
