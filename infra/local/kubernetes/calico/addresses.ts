/** An IPv4 pool, cut into blocks of equal size, numbered from its start. */
export interface Pool {
  name: string;
  cidr: string;
  /** Prefix length of a block: 26 is 64 addresses. */
  blockSize: number;
}

export function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function toAddress(value: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.');
}

export function blockCapacity({ blockSize }: Pool): number {
  return 2 ** (32 - blockSize);
}

export function blockCount({ cidr, blockSize }: Pool): number {
  return 2 ** (blockSize - prefixOf(cidr));
}

export function blockCidr(pool: Pool, index: number): string {
  return `${addressIn(pool, index, 0)}/${pool.blockSize}`;
}

export function addressIn(pool: Pool, index: number, ordinal: number): string {
  const [base = ''] = pool.cidr.split('/');
  return toAddress(toNumber(base) + index * blockCapacity(pool) + ordinal);
}

function prefixOf(cidr: string): number {
  return Number(cidr.split('/')[1]);
}
