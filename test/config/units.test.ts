import { describe, expect, it } from '@jest/globals';
import { parseDuration, parseSize } from '../../src/config/units.js';

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['15s', 15_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['1m500ms', 60_500],
    ['0', 0],
    ['0s', 0],
  ])('%s is %d milliseconds', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: ms });
  });

  it.each([
    ['15', 'has no unit'],
    ['', 'is not a duration'],
    ['soon', 'is not a duration'],
    ['1.5h', 'is not a duration'],
    ['30m1h', 'the largest unit first'],
    ['-5s', 'is not a duration'],
    ['15 s', 'is not a duration'],
    ['2w', 'is not a duration'],
  ])('%p is refused: %s', (text, reason) => {
    expect(parseDuration(text)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});

describe('a size', () => {
  it.each([
    ['2GiB', 2_147_483_648],
    ['16MiB', 16_777_216],
    ['16 MiB', 16_777_216],
    ['1.5KiB', 1536],
    ['512B', 512],
    ['2147483648', 2_147_483_648],
    [2_147_483_648, 2_147_483_648],
  ])('%p is %d bytes', (given, bytes) => {
    expect(parseSize(given)).toEqual({ ok: true, value: bytes });
  });

  it.each([
    ['2GB', 'may be read in two ways; write GiB'],
    ['2g', 'may be read in two ways; write GiB'],
    ['2Gi', 'may be read in two ways; write GiB'],
    ['much', 'is not a size'],
    [-1, 'is not a size'],
    [0, 'more than 0'],
    ['0.3B', 'whole number of bytes'],
    ['99999999TiB', 'whole number of bytes'],
  ])('%p is refused: %s', (given, reason) => {
    expect(parseSize(given)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});
