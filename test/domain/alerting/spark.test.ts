import { describe, expect, test } from '@jest/globals';
import { sparkline } from '../../../src/domain/alerting/spark.js';

const GIB = 1024 ** 3;

describe('a line of text draws numbers', () => {
  test.each<[string, readonly number[], string]>([
    ['nothing', [], ''],
    ['a single number, which has no course', [5], ''],
    ['one that is known among gaps', [Number.NaN, 5], ''],
    ['all steps', [0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
    ['growth on a large base', [1.5, 1.6, 1.7, 1.8, 1.9].map((value) => value * GIB), '▁▃▅▆█'],
    ['a saw-tooth', [1, 3, 1, 3, 1], '▁█▁█▁'],
    ['a drop', [8, 8, 1], '██▁'],
    ['jitter, which stays flat', [100, 100.2, 100.1], '▁▁▁'],
    ['a standstill', [7, 7, 7], '▁▁▁'],
    ['nothing but zero', [0, 0], '▁▁'],
    ['gaps left out', [0, Number.NaN, 7], '▁█'],
  ])('%s', (_what, values, drawn) => {
    expect(sparkline(values)).toBe(drawn);
  });
});
