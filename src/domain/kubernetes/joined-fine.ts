import type { Observation } from '../finding.js';
import { momentUtc } from '../moment.js';
import { age } from '../units.js';
import { calicoEvidence, others, podEvidence, short, type Matter } from './matter.js';
import { podsDo } from './words.js';

/*
 * Pods hang for a refused address, and this etcd refuses nothing: it is not blamed. Where it was full until lately, or
 * the pods' words say that an etcd was, they may only wait for another try; else the search goes on elsewhere.
 */
export function fineStory(matter: Matter): Observation {
  return fullUntil(matter) !== null || matter.certain ? leftOver(matter) : elsewhere(matter);
}

function fullUntil({ snapshot }: Matter): number | null {
  return snapshot.past?.fullUntil ?? null;
}

function leftOver(matter: Matter): Observation {
  const { snapshot, refused, etcd } = matter;
  const { cluster, at } = snapshot;
  const until = fullUntil(matter);
  const past =
    until === null
      ? 'Their words say that an etcd refused a write; that it was this one is not known'
      : `It was full until ${momentUtc(until, at)}, and they were refused an address then`;
  const recent = until === null ? freshWords(matter) : '';
  return {
    severity: 'warning',
    summary: `${podsDo(refused, ['still hangs', 'still hang'])} for a refused address, but ${cluster} is not full now`,
    story:
      `${podsDo(refused, ['still hangs', 'still hang'])} for a refused address, but ${cluster} is not full now ` +
      `(${etcd.because}). ${past}.${recent} Their kubelets try again by themselves, within minutes.${others(matter)}`,
    evidence: [...podEvidence(matter), `${etcd.proven ? 'Certain' : 'Likely'}: ${etcd.because}`],
    advice:
      'Wait for their kubelets’ next try; those that hang still: `/etcd restart-pods` proposes to recreate them',
    runbook: 'restart-pods',
  };
}

const FRESH_MS = 3 * 60_000;

/** Said after this etcd was seen well: then another one refuses. */
function freshWords({ snapshot, listed }: Matter): string {
  const newest = Math.max(...listed.flatMap(({ saidAt }) => saidAt ?? []));
  if (!Number.isFinite(newest) || snapshot.at - newest > FRESH_MS) return '';
  return ` The last refusal is ${age(snapshot.at - newest)} old: if more come, another etcd is the one that refuses.`;
}

function elsewhere(matter: Matter): Observation {
  const { snapshot, refused, etcd, listed } = matter;
  const nodes = [...new Set(listed.flatMap(({ node }) => node ?? []))];
  const where = nodes[0] === undefined ? '' : ` on ${short(nodes[0])}`;
  const reason = etcd.proven ? 'is not the reason' : 'shows no reason for it';
  const summary = `${podsDo(refused, ['waits', 'wait'])} for an address, and ${snapshot.cluster} ${reason}`;
  return {
    severity: 'warning',
    summary,
    story:
      `${summary}: ${etcd.because}. Their words fit a refused address, and other troubles of the network plugin too.` +
      others(matter),
    evidence: [
      ...podEvidence(matter),
      `${etcd.proven ? 'Certain' : 'Likely'}: ${etcd.because}`,
      ...calicoEvidence(snapshot),
    ],
    advice: `Read the log of calico-node${where} and /var/log/calico/cni/cni.log there, and see the pools: \`/etcd calico\``,
    runbook: null,
  };
}
