import { describe, expect, it } from '@jest/globals';
import type { Activity, Histogram } from '../../../src/domain/alerting/past.js';
import {
  coveredMs,
  quantile,
  rateOf,
  spreadOf,
  totalOf,
  windowOf,
} from '../../../src/domain/alerting/windows.js';
import { minutes, took } from '../../alerts/look.js';
import { MINUTE, NOW } from '../../facts.js';

const WINDOW = windowOf(NOW, 5 * MINUTE);

function rows(patch: Partial<Activity>, from: number, to = 0): readonly Activity[] {
  return minutes(0, patch, { from, to }).activity;
}

function row(from: number, to: number, slowApplies: number): Activity {
  return { ...rows({ slowApplies }, 1)[0]!, from: NOW + from * MINUTE, to: NOW + to * MINUTE };
}

describe('totals over a window', () => {
  it.each<readonly [string, readonly Activity[], number | null, number]>([
    ['adds up the rows within', rows({ slowApplies: 2 }, 5), 10, 5],
    ['leaves out what was before', rows({ slowApplies: 2 }, 30), 10, 5],
    ['counts what is there after a gap', rows({ slowApplies: 2 }, 2), 4, 2],
    ['knows nothing where the last row is too old', rows({ slowApplies: 2 }, 30, 5), null, 0],
    ['knows nothing without rows', [], null, 0],
    ['knows nothing where the version does not say', rows({ slowApplies: null }, 5), null, 5],
    ['takes the share of a row that began before', [row(-10, 0, 40)], 20, 5],
    ['leaves out the part that lies in the future', [row(-1, 1, 40)], 20, 1],
    ['leaves out what lies in the future', [row(1, 2, 40)], null, 0],
    ['leaves out a row that ends before it begins', [row(0, -1, 40)], null, 0],
    ['leaves out a row without length', [row(-1, -1, 40)], null, 0],
  ])('%s', (_, activity, sum, covered) => {
    const total = totalOf(activity, WINDOW, (one) => one.slowApplies);
    expect(total?.sum ?? null).toBe(sum);
    expect(coveredMs(activity, WINDOW)).toBe(covered * MINUTE);
  });

  it('measures a rate over what was covered, not over the window', () => {
    const gap = totalOf(rows({ slowApplies: 120 }, 2), WINDOW, (one) => one.slowApplies);
    expect(rateOf(gap)).toBe(2);
    expect(rateOf(null)).toBeNull();
  });
});

describe('histograms over a window', () => {
  it('adds up the buckets of its rows', () => {
    const spread = spreadOf(rows({ walFsync: took([3, 0.1], [1, 0.4]) }, 30), WINDOW, (one) => one.walFsync);
    expect(spread).toEqual({ histogram: took([15, 0.1], [5, 0.4]), ms: 5 * MINUTE });
  });

  it('leaves out rows of a version with other bounds', () => {
    const old = rows({ walFsync: { bounds: [1, Infinity], counts: [7, 7] } }, 5, 2);
    const spread = spreadOf(
      [...old, ...rows({ walFsync: took([3, 0.1]) }, 2)],
      WINDOW,
      (one) => one.walFsync,
    );
    expect(spread).toEqual({ histogram: took([6, 0.1]), ms: 2 * MINUTE });
  });

  it('knows nothing where no row has one', () => {
    expect(spreadOf(rows({ walFsync: null }, 5), WINDOW, (one) => one.walFsync)).toBeNull();
  });
});

describe('quantile', () => {
  const ONE_TO_FOUR: Histogram = { bounds: [1, 2, 4, Infinity], counts: [10, 20, 40, 40] };

  it.each<readonly [string, number, Histogram, number | null]>([
    ['lies within its bucket by its rank', 0.75, ONE_TO_FOUR, 3],
    ['lies on a bound', 0.5, ONE_TO_FOUR, 2],
    ['begins the lowest bucket at zero', 0.125, ONE_TO_FOUR, 0.5],
    ['is the largest bound at most', 1, ONE_TO_FOUR, 4],
    ['is the largest finite bound beyond it', 0.99, { bounds: [1, 2, Infinity], counts: [0, 1, 100] }, 2],
    ['skips empty buckets', 0.99, { bounds: [1, 2, 4, Infinity], counts: [0, 0, 100, 100] }, 3.98],
    ['is not known without observations', 0.99, { bounds: [1, Infinity], counts: [0, 0] }, null],
    ['is not known without buckets', 0.99, { bounds: [], counts: [] }, null],
    ['is not known where all lie beyond', 0.99, { bounds: [Infinity], counts: [5] }, null],
  ])('%s', (_, q, histogram, expected) => {
    const found = quantile(q, histogram);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 9);
  });
});
