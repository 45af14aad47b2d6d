import { askable, firstAnswer, type Reach, type ReachableMember } from '../collector.js';
import { TargetError } from '../errors.js';
import { valueOf } from '../fact.js';
import { keyPages, type KeyReading } from '../key-pages.js';
import { afterKey, afterPrefix, type KeyEntry } from '../keyspace.js';
import type { AddressUse } from './facts.js';
import { fromJson } from './json.js';
import { affinityNode } from './records.js';
import { makeTally, type Tally } from './tally.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
const IPAM = '/calico/ipam/v2/';

/**
 * Calico's addresses from the etcd that holds them: one member, a follower if there is one, all pages at one revision.
 * Where a compaction takes that revision away under way, it is begun anew once.
 */
export function readFromEtcd(reach: Reach, now: () => number): Promise<AddressUse> {
  const until = now() + reach.deadlineMs;
  const left = (): number => until - now();
  return firstAnswer(followersFirst(reach), async (member) => {
    try {
      return await readOnce(member, left);
    } catch (error) {
      if (!(error instanceof TargetError) || error.code !== 'compacted') throw error;
      return readOnce(member, left);
    }
  });
}

function followersFirst(reach: Reach): readonly ReachableMember[] {
  const statuses = new Map(
    (valueOf(reach.soFar.status) ?? []).map(({ endpoint, fact }) => [endpoint, valueOf(fact)]),
  );
  const burden = ({ endpoint }: ReachableMember): number => {
    const status = statuses.get(endpoint);
    if (status?.learner) return 2;
    return status !== undefined && status.memberId === status.leaderId ? 1 : 0;
  };
  return [...askable(reach)].sort((a, b) => burden(a) - burden(b));
}

async function readOnce(member: ReachableMember, left: () => number): Promise<AddressUse> {
  const { keyspace, endpoint } = member;
  const reading: KeyReading = { keyspace, endpoint, revision: null, left };
  const tally = makeTally();
  await each(reading, under(`${RESOURCES}ippools/`), ({ value }) => tally.pool(fromJson(value)));
  await each(reading, under(`${RESOURCES}ipreservations/`), ({ value }) =>
    tally.reservation(fromJson(value)),
  );
  await each(reading, only(`${IPAM}config`), ({ value }) => tally.config(fromJson(value)));
  await each(reading, under(`${IPAM}assignment/`), ({ value }) => tally.block(fromJson(value)));
  await nodes(reading, tally);
  await each(reading, keys(`${IPAM}handle/`), ({ key }) => tally.handle(nameIn(key, `${IPAM}handle/`)));
  return tally.finish({ source: 'etcd', revision: reading.revision });
}

/** A node that has no block at all is the one that starves first. */
async function nodes(reading: KeyReading, tally: Tally): Promise<void> {
  const prefix = `${RESOURCES}nodes/`;
  await each(reading, keys(prefix), ({ key }) => tally.node(nameIn(key, prefix)));
  await each(reading, keys(`${IPAM}host/`), ({ key }) => {
    const node = affinityNode(key.toString());
    if (node !== null) tally.node(node);
  });
}

type Range = Parameters<typeof keyPages>[1];

async function each(reading: KeyReading, range: Range, take: (entry: KeyEntry) => void): Promise<void> {
  for await (const page of keyPages(reading, range)) page.forEach(take);
}

function under(prefix: string): Range {
  const from = new TextEncoder().encode(prefix);
  return { from, end: afterPrefix(from), keysOnly: false };
}

function keys(prefix: string): Range {
  return { ...under(prefix), keysOnly: true };
}

function only(key: string): Range {
  const from = new TextEncoder().encode(key);
  return { from, end: afterKey(from), keysOnly: false };
}

function nameIn(key: Buffer, prefix: string): string {
  return key.toString().slice(prefix.length);
}
