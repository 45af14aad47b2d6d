import { describe, expect, it } from '@jest/globals';
import { merged, overlaps, parseCidr, shared, sizeOf, type Cidr } from '../../../src/domain/calico/cidr.js';

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(`${text} is no range`);
  return parsed;
}

describe('a range of addresses', () => {
  it.each([
    ['10.0.0.64/26', 4, 26, 0x0a000040n, 0x0a00007fn],
    ['10.0.0.70/26', 4, 26, 0x0a000040n, 0x0a00007fn],
    ['192.168.1.7', 4, 32, 0xc0a80107n, 0xc0a80107n],
    ['0.0.0.0/0', 4, 0, 0n, 0xffffffffn],
    ['fd00::/122', 6, 122, 0xfdn << 120n, (0xfdn << 120n) + 63n],
    ['::/0', 6, 0, 0n, (1n << 128n) - 1n],
    [
      '2001:db8:0:0:0:0:0:1',
      6,
      128,
      0x20010db8000000000000000000000001n,
      0x20010db8000000000000000000000001n,
    ],
    ['::ffff:10.0.0.1/128', 6, 128, 0xffff0a000001n, 0xffff0a000001n],
  ] as const)('%s', (text, family, prefix, first, last) => {
    expect(parseCidr(text)).toEqual({ family, prefix, first, last });
  });

  it.each([
    ...['', '10.0.0/24', '10.0.0.256/24', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/24/8', '10.0.0.0/-1'],
    ...['fd00::/129', 'fd00::1::/64', '1:2:3:4:5:6:7/64', '1:2:3:4:5:6:7:8:9', '1::2:3:4:5:6:7:8', 'g::/64'],
    ...['::ffff:10.0.0/96', 'all()', '10.0.0.0-26'],
  ])('“%s” is none', (text) => {
    expect(parseCidr(text)).toBeNull();
  });

  it('has a size that a number could not hold', () => {
    expect(sizeOf(cidr('fd00::/48'))).toBe(1n << 80n);
  });

  it('overlaps only within its family', () => {
    expect(overlaps(cidr('10.0.0.0/24'), cidr('10.0.0.128/26'))).toBe(true);
    expect(overlaps(cidr('10.0.0.0/24'), cidr('10.0.1.0/24'))).toBe(false);
    expect(overlaps(cidr('0.0.0.0/0'), cidr('::/0'))).toBe(false);
    expect(shared(cidr('10.0.0.0/24'), cidr('10.0.0.250/31'))).toEqual({
      ...{ family: 4, first: 0x0a0000fan, last: 0x0a0000fbn },
    });
  });

  it('is merged with its neighbours, and counted once', () => {
    const spans = ['10.0.0.8/29', '10.0.0.0/29', '10.0.0.0/30', '10.0.1.0/32', '::/128'].map(cidr);
    expect(merged(spans).map(sizeOf)).toEqual([16n, 1n, 1n]);
  });
});
