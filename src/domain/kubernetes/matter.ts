import { valueOf } from '../fact.js';
import type { Snapshot } from '../snapshot.js';
import { age } from '../units.js';
import { etcdStateOf, type EtcdState } from './etcd-state.js';
import type { HangCause, HangingPod, HangingPods } from './facts.js';
import type { WorkloadRecord } from './records.js';
import { CAUSES, countsInWords, partOf, podsDo, totalOf } from './words.js';

/** What is known of pods that hang and of their etcd, side by side. */
export interface Matter {
  readonly snapshot: Snapshot;
  readonly pods: HangingPods;
  readonly etcd: EtcdState;
  /** Those whose address was refused: how many, and those that are listed. */
  readonly refused: number;
  readonly listed: readonly HangingPod[];
  /** One of them says it for certain. */
  readonly certain: boolean;
}

export function matterOf(snapshot: Snapshot, pods: HangingPods): Matter {
  const listed = pods.hanging.filter(({ cause }) => cause === 'address-refused');
  return {
    snapshot,
    pods,
    etcd: etcdStateOf(snapshot),
    refused: pods.counts['address-refused'] ?? 0,
    listed,
    certain: listed.some(({ confidence }) => confidence === 'certain'),
  };
}

/** The cause of the most. */
export function mainCause({ counts }: Pick<HangingPods, 'counts'>): HangCause {
  return CAUSES.toSorted((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0))[0] ?? 'unknown';
}

/** Pods that hang for something else are told, and not mixed up. */
export function others({ pods, refused }: Matter): string {
  const rest = totalOf(pods) - refused;
  if (rest === 0) return '';
  const counts = countsInWords(pods, 'address-refused');
  return ` Another ${podsDo(rest, ['hangs', 'hang'])} for something else: ${counts}.`;
}

/** Who gives addresses here. */
export function cantWrite({ snapshot, listed, refused }: Matter): string {
  const calico =
    valueOf(snapshot.facts['calico-parts'])?.node ?? listed.find(({ words }) => /calico/i.test(words ?? ''));
  const theirs = refused === 1 ? 'its address' : 'their addresses';
  return calico ? `Calico can't write ${theirs}` : `${theirs} can't be written`;
}

/** The longest-hanging one of those that matter, and its own words. */
export function podEvidence({ snapshot, pods, listed, certain }: Matter): readonly string[] {
  const one =
    listed.find(({ confidence }) => !certain || confidence === 'certain') ??
    pods.hanging.find(({ cause }) => cause === mainCause(pods));
  if (!one) return [];
  const where = one.node === null ? 'without a node' : `on ${short(one.node)}`;
  const since = age(snapshot.at - one.since);
  const lines = [`Certain: ${short(one.namespace)}/${short(one.name)} hangs ${where} for ${since}`];
  if (one.words === null) return lines;
  const said = one.saidAt === undefined ? '' : `, ${age(snapshot.at - one.saidAt)} ago`;
  const fits =
    one.cause === 'unknown' ? '' : one.confidence === 'certain' ? ' name it' : ' fit it, and others too';
  return [...lines, `Its words${fits}${said}: ${partOf(one.words)}`];
}

/** The parts that the incident was searched in before etcd was. */
export function calicoEvidence(snapshot: Snapshot): readonly string[] {
  const fact = snapshot.facts['calico-parts'];
  if (!fact) return [];
  if (!fact.known) return [`Not known: Calico’s parts could not be read (${partOf(fact.reason)})`];
  return [fact.value.node, fact.value.controllers].flatMap((part) => (part ? [readiness(part)] : []));
}

export function readiness({ name, ready, desired }: WorkloadRecord): string {
  return `Certain: ${name} is ready on ${ready} of ${desired}`;
}

/** Names may have 253 characters; a line has to be read. */
export function short(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}
