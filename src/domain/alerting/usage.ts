import { valueOf } from '../fact.js';
import { membersOf, type MemberView } from '../members.js';
import type { Snapshot } from '../snapshot.js';

/** How much of its quota a member uses. */
export interface Usage {
  readonly label: string;
  readonly sizeBytes: number;
  readonly quotaBytes: number;
  /** Physical size, which is what etcd compares. */
  readonly share: number;
  /** Null: the size in use is not known. Stale under NOSPACE. */
  readonly inUseShare: number | null;
  /** Nothing that was read says the quota: it is etcd's default. */
  readonly guessed: boolean;
}

export interface Usages {
  /** Members whose size and quota are known, or may be guessed; one without a quota uses nothing of it. */
  readonly usages: readonly Usage[];
  /** Those whose size is known, and of whose quota nothing can be said. */
  readonly untold: readonly string[];
}

/**
 * A quota that nobody told is etcd's default, unless that is refuted: by a member that is larger and takes writes, or by
 * others of its cluster, whose quotas are told and most likely its own.
 */
export function usageOf(snapshot: Snapshot): Usages {
  const sized = membersOf(snapshot).flatMap((member) => usageOfMember(member) ?? []);
  const anyTold = membersOf(snapshot).some(({ quota }) => quota.source !== 'default');
  const isRefuted = ({ guessed, share }: Usage): boolean => guessed && (anyTold || share >= 1);
  return {
    usages: sized.filter((usage) => !isRefuted(usage)),
    untold: sized.filter(isRefuted).map(({ label }) => label),
  };
}

function usageOfMember(member: MemberView): Usage | null {
  const { share, quota, label } = member;
  const sizeBytes = sizeOf(member);
  if (sizeBytes === null || share === null || !Number.isFinite(quota.bytes)) return null;
  const inUse = inUseOf(member);
  const inUseShare = inUse === null ? null : inUse / quota.bytes;
  const guessed = quota.source === 'default';
  return { label, sizeBytes, quotaBytes: quota.bytes, share, inUseShare, guessed };
}

export function sizeOf({ status }: MemberView): number | null {
  return valueOf(status)?.sizeBytes ?? null;
}

export function inUseOf({ status, metrics }: MemberView): number | null {
  return valueOf(status)?.inUseBytes ?? valueOf(metrics)?.inUseBytes ?? null;
}
