import { describe, expect, it } from '@jest/globals';
import {
  median,
  peaksOf,
  risesSteadily,
  sawToothOf,
  sinceLeap,
  type Peak,
} from '../../../src/domain/alerting/envelope.js';
import type { SizePoint } from '../../../src/domain/alerting/past.js';
import { DAY, HOUR, MIB, MINUTE, NOW } from '../../facts.js';
import { seriesOf, sizesOver } from './sizes.js';

function peaks(...mib: readonly number[]): readonly Peak[] {
  return mib.map((bytes, index) => ({ at: NOW + index * HOUR, bytes: bytes * MIB }));
}

const of = (points: readonly SizePoint[]) => sawToothOf(seriesOf(points), NOW);

describe('the saw-tooth', () => {
  it('ends a tooth at each fall of more than 15 %', () => {
    const mib = [100, 120, 140, 100, 130, 150, 128, 151, 90];
    const points = mib.map((inUse, index) => ({
      at: NOW - (mib.length - index) * HOUR,
      sizeBytes: 700 * MIB,
      inUseBytes: inUse * MIB,
    }));
    const { basis, teeth } = of(points);
    expect(basis).toBe('in-use');
    expect(teeth.map(({ peak, lengthMs }) => [peak.bytes / MIB, lengthMs / HOUR])).toEqual([
      [140, 2],
      [151, 4],
      [90, 0],
    ]);
    expect(teeth.flatMap((tooth) => tooth.points.map(({ bytes }) => bytes / MIB))).toEqual(mib);
  });

  it('takes the physical size where no reading tells what is in use', () => {
    const { basis, teeth } = of(sizesOver(10, () => [700 * MIB, null]));
    expect(basis).toBe('physical');
    expect(teeth.map(({ peak }) => peak.bytes)).toEqual([700 * MIB]);
  });

  it('leaves out readings without a size in use where others have one', () => {
    const { teeth } = of(sizesOver(10, (ago) => [700 * MIB, ago > 5 ? null : 500 * MIB]));
    expect(teeth).toHaveLength(1);
    expect(teeth[0]?.points[0]?.at).toBeGreaterThanOrEqual(NOW - 5 * HOUR);
    expect(teeth[0]?.peak.bytes).toBe(500 * MIB);
  });

  it('ignores the future, what is older than two weeks, and steps back in time', () => {
    const points = [
      { at: NOW - 15 * DAY, sizeBytes: 1, inUseBytes: 9 * MIB },
      { at: NOW - 2 * HOUR, sizeBytes: 1, inUseBytes: MIB },
      { at: NOW - 3 * HOUR, sizeBytes: 1, inUseBytes: 9 * MIB },
      { at: NOW - HOUR, sizeBytes: 1, inUseBytes: 2 * MIB },
      { at: NOW + MINUTE, sizeBytes: 1, inUseBytes: 9 * MIB },
    ];
    expect(of(points).teeth.flatMap((tooth) => tooth.points)).toEqual([
      { at: NOW - 2 * HOUR, bytes: MIB },
      { at: NOW - HOUR, bytes: 2 * MIB },
    ]);
  });

  it('has no teeth without readings', () => {
    expect(of([]).teeth).toEqual([]);
  });
});

describe('the peaks of a tooth', () => {
  const [tooth] = of(sizesOver(48, (ago) => [1, (Math.round(ago * 12) % 2 === 0 ? 500 : 450) * MIB])).teeth;

  it('are the highest of each of 48 windows', () => {
    const found = tooth ? peaksOf(tooth) : [];
    expect(found).toHaveLength(48);
    expect(new Set(found.map(({ bytes }) => bytes))).toEqual(new Set([500 * MIB]));
  });

  it('leave out windows without a reading', () => {
    const [gap] = of(sizesOver(48, (ago) => (ago > 20 && ago < 30 ? null : [1, 500 * MIB]))).teeth;
    expect(gap ? peaksOf(gap).length : 0).toBe(39);
  });
});

describe('what follows a leap', () => {
  it.each([
    ['nothing leaps', peaks(100, 101, 102, 103), 4],
    ['a leap', peaks(100, 101, 102, 103, 200, 201, 202), 3],
    ['one that is less than half of the growth', peaks(100, 101, 102, 103, 104, 105, 111, 112, 113), 9],
    ['a steady rise', peaks(100, 110, 120, 130, 140), 5],
    ['none', peaks(), 0],
  ] as const)('%s', (_, all, left) => {
    expect(sinceLeap(all)).toEqual(all.slice(all.length - left));
  });
});

describe('a steady rise', () => {
  it.each([
    ['all the time', peaks(1, 2, 3, 4, 5), true],
    ['a quarter of it', peaks(1, 1, 1, 1, 2), true],
    ['less than that', peaks(1, 1, 1, 1, 1, 2), false],
    ['never', peaks(5, 4, 3), false],
  ] as const)('%s', (_, all, steadily) => {
    expect(risesSteadily(all)).toBe(steadily);
  });
});

describe('the median', () => {
  it.each([
    [[], 0],
    [[3], 3],
    [[1, 9, 2], 2],
    [[4, 1, 2, 9], 3],
    [[-5, 10, -1], -1],
  ] as const)('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});
