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
}

/** Members whose size and quota are known; one without a quota uses nothing of it. */
export function usageOf(snapshot: Snapshot): readonly Usage[] {
  return membersOf(snapshot).flatMap((member) => {
    const { share, quota, label } = member;
    const sizeBytes = sizeOf(member);
    if (sizeBytes === null || share === null || !Number.isFinite(quota.bytes)) return [];
    const inUse = inUseOf(member);
    const inUseShare = inUse === null ? null : inUse / quota.bytes;
    return [{ label, sizeBytes, quotaBytes: quota.bytes, share, inUseShare }];
  });
}

export function sizeOf({ status }: MemberView): number | null {
  return valueOf(status)?.sizeBytes ?? null;
}

export function inUseOf({ status, metrics }: MemberView): number | null {
  return valueOf(status)?.inUseBytes ?? valueOf(metrics)?.inUseBytes ?? null;
}
