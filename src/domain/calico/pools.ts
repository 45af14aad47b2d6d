import { grouped } from '../units.js';
import type { AddressUse, Family, PoolUse } from './facts.js';
import { gives } from './starving.js';

/** From here on a pool is nearly used up. */
export const NEARLY = 0.85;

export function familyOf({ cidr }: PoolUse): Family {
  return cidr.includes(':') ? 6 : 4;
}

/** What can't be given any more, of all. */
export function shareOf({ inUse, reserved, capacity }: PoolUse): number {
  return capacity === 0 ? 0 : (inUse + reserved) / capacity;
}

export function isUsedUp({ free }: PoolUse): boolean {
  return free === 0;
}

/** Pools that give addresses to new pods, the fullest first. */
export function givingPools({ pools }: AddressUse): readonly PoolUse[] {
  return pools.filter(gives).toSorted((a, b) => shareOf(b) - shareOf(a));
}

/** Families that have no address left for a new pod. */
export function usedUpFamilies(use: AddressUse): readonly Family[] {
  const giving = givingPools(use);
  return ([4, 6] as const).filter((family) => {
    const own = giving.filter((pool) => familyOf(pool) === family);
    return own.length > 0 && own.every(isUsedUp);
  });
}

/** How many, as a person reads it; what a number holds only roughly is a power of two: the size of a range. */
export function amount(count: number): string {
  return count > Number.MAX_SAFE_INTEGER ? `2^${String(Math.round(Math.log2(count)))}` : grouped(count);
}

/** `74 of 256`. */
export function usedOf({ inUse, capacity }: PoolUse): string {
  return `${amount(inUse)} of ${amount(capacity)}`;
}

/** Where the counts come from. */
export function originOf({ source, revision }: AddressUse): string {
  if (source === 'kubernetes') return 'from Calico’s objects in Kubernetes';
  return revision === null ? 'from etcd' : `from etcd at revision ${grouped(revision)}`;
}

/** `1 block`, `7 blocks`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
