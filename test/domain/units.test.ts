import { describe, expect, it } from '@jest/globals';
import { age, bytes, duration, grouped, hexId, milliseconds, percent } from '../../src/domain/units.js';

describe('units as a person reads them', () => {
  it.each([
    [0, '0 B'],
    [730, '730 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [16 * 1024 ** 2, '16 MiB'],
    [700.4 * 1024 ** 2, '700 MiB'],
    [2 * 1024 ** 3, '2 GiB'],
    [2_147_487_744, '2.0 GiB'],
    [1.5 * 1024 ** 4, '1.5 TiB'],
    [3000 * 1024 ** 4, '3000 TiB'],
  ])('%d bytes: %s', (count, text) => {
    expect(bytes(count)).toBe(text);
  });

  it.each([
    [0, '0 ms'],
    [40, '40 ms'],
    [999, '999 ms'],
    [1000, '1 s'],
    [2500, '2.5 s'],
    [12_000, '12 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [172_800_000, '2 days'],
    [259_200_000, '3 days'],
  ])('%d milliseconds: %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [-5, '0 ms'],
    [40_400, '40 s'],
    [623_000, '10 min'],
    [3 * 3_600_000 + 59_000, '3 h'],
    [11_100_000, '3 h 5 min'],
    [3 * 86_400_000, '3 days'],
  ])('%d milliseconds old: %s', (ms, text) => {
    expect(age(ms)).toBe(text);
  });

  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['1d2h3m4s', 93_784_000],
    ['0m', 0],
    ['', null],
    ['10', null],
    ['10 m', null],
    ['10min', null],
    ['30m1h', null],
    ['-5m', null],
    ['m', null],
  ])('“%s” is typed for %p milliseconds', (text, ms) => {
    expect(milliseconds(text)).toBe(ms);
  });

  it.each([
    [0, '0 %'],
    [0.5, '50 %'],
    [0.999, '99 %'],
    [1, '100 %'],
    [1.02, '102 %'],
  ])('a share of %d: %s', (share, text) => {
    expect(percent(share)).toBe(text);
  });

  it.each([
    [999, '999'],
    [1000, '1\u202f000'],
    [1_204_331, '1\u202f204\u202f331'],
  ])('%d is grouped', (count, text) => {
    expect(grouped(count)).toBe(text);
  });

  it('shows a 64-bit id as etcdctl does, without rounding it', () => {
    expect(hexId('10501334649042878790')).toBe('91bc3c398fb3c146');
    expect(hexId('18446744073709551615')).toBe('ffffffffffffffff');
  });
});
