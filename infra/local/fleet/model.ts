import { createHash } from 'node:crypto';
import { frame, message } from './wire.js';

/** A member that is as healthy as can be. */
export interface Member {
  /** Its place in the fleet, from 0. */
  readonly index: number;
  readonly address: string;
  readonly port: number;
  readonly secure: boolean;
}

export const MEMBERS_OF_A_CLUSTER = 3;

const VERSION = '3.5.16';
const MIB = 1024 ** 2;
const PAGE = 4096;
/** Like a Kubernetes API server, somebody compacts every five minutes. */
const COMPACTED_EVERY_S = 300;
const REVISIONS_PER_S = 20;
/** What the fleet has behind it when it starts. */
const LIFE_S = 10 * 86_400;

/** What a member says of itself, `age` seconds after the fleet's start. */
export interface Figures {
  readonly sizeBytes: number;
  readonly inUseBytes: number;
  readonly revision: number;
  readonly compactRevision: number;
  readonly compactions: number;
  /** Seconds before now. */
  readonly sinceCompaction: number;
}

/** The size in use is a saw-tooth under a physical size that nearly stands still, far from the quota of 2 GiB. */
export function figuresOf({ index }: Member, age: number): Figures {
  const cluster = Math.floor(index / MEMBERS_OF_A_CLUSTER);
  const baseBytes = (200 + ((cluster * 37) % 700)) * MIB;
  const life = LIFE_S + age + ((cluster * 7) % COMPACTED_EVERY_S);
  const sinceCompaction = life % COMPACTED_EVERY_S;
  const revision = Math.floor(life * REVISIONS_PER_S);
  return {
    sizeBytes: wholePages(baseBytes * 1.25) + PAGE * (index % MEMBERS_OF_A_CLUSTER),
    inUseBytes: wholePages(baseBytes * (1 + (0.1 * sinceCompaction) / COMPACTED_EVERY_S)),
    revision,
    compactRevision: Math.floor((life - sinceCompaction) * REVISIONS_PER_S) - COMPACTED_EVERY_S,
    compactions: Math.floor(life / COMPACTED_EVERY_S),
    sinceCompaction,
  };
}

function wholePages(bytes: number): number {
  return Math.round(bytes / PAGE) * PAGE;
}

/** One gRPC frame. */
export function statusReply(member: Member, age: number): Buffer {
  const { sizeBytes, inUseBytes, revision } = figuresOf(member, age);
  const [raftIndex, raftTerm] = [revision + 1000, 3];
  return frame(
    message({
      ...{ 1: headerOf(member, revision), 2: VERSION, 3: sizeBytes, 4: idOf(member.index - placeOf(member)) },
      ...{ 5: raftIndex, 6: raftTerm, 7: raftIndex, 9: inUseBytes },
    }),
  );
}

/** One gRPC frame; `siblings` are the cluster's members, this one too. */
export function memberListReply(member: Member, siblings: readonly Member[], age: number): Buffer {
  const listed = siblings.map((one) =>
    message({
      ...{ 1: idOf(one.index), 2: `member-${String(one.index)}`, 3: `http://${one.address}:2380` },
      4: clientUrl(one),
    }),
  );
  return frame(message({ 1: headerOf(member, figuresOf(member, age).revision), 2: listed }));
}

export function clientUrl({ secure, address, port }: Member): string {
  return `${secure ? 'https' : 'http'}://${address}:${String(port)}`;
}

export function placeOf({ index }: Member): number {
  return index % MEMBERS_OF_A_CLUSTER;
}

function headerOf(member: Member, revision: number): Buffer {
  const cluster = bits64(`cluster ${String(Math.floor(member.index / MEMBERS_OF_A_CLUSTER))}`);
  return message({ 1: cluster, 2: idOf(member.index), 3: revision, 4: 3 });
}

function idOf(index: number): bigint {
  return bits64(`member ${String(index)}`);
}

/** Ids fill all 64 bits, as etcd's do. */
function bits64(name: string): bigint {
  return createHash('sha256').update(name).digest().readBigUInt64BE();
}
