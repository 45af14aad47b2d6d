import { describe, expect, test } from '@jest/globals';
import type { Forecast, Trend } from '../../../src/domain/alerting/past.js';
import { forecastSentence, trendLine } from '../../../src/slack/blocks/forecast.js';
import { HOUR, trendWith } from '../../charts.js';
import { NOW } from '../../facts.js';

const WHEN = '<!date^1773219600^{date_short_pretty} {time}|2026-03-11 09:00 UTC>';

function forecast(changes: Partial<Forecast>): Forecast {
  return trendWith(changes).forecast!;
}

describe('the sentence of a forecast', () => {
  test.each<[string, Partial<Forecast>, string]>([
    ['sure', {}, `*Full ${WHEN}, in 30 h*, growing by 410 MiB a day.`],
    ['less sure', { confidence: 'medium' }, `*Full about ${WHEN}, in 30 h*, growing by 410 MiB a day.`],
    ['unsure, without a minute', { confidence: 'low' }, '*Perhaps full in 30 h*, growing by 410 MiB a day.'],
    [
      'by physical size',
      { confidence: 'low', basis: 'physical' },
      '*Perhaps full in 30 h*, growing by 410 MiB a day. By physical size: the size in use is not known.',
    ],
    [
      'in hours',
      { confidence: 'low', reachedAt: NOW + 2 * HOUR + 125_400 },
      '*Perhaps full in 2 h 2 min*, growing by 410 MiB a day.',
    ],
    ['passed', { reachedAt: NOW - HOUR, growthBytesPerDay: 0 }, '*Full about now*.'],
  ])('%s', (_how, changes, sentence) => {
    expect(forecastSentence(forecast(changes), NOW)).toBe(sentence);
  });
});

describe('the line of a trend', () => {
  test.each<[string, Trend | null | undefined, string | null]>([
    ['nobody has one', undefined, null],
    ['there is none', null, null],
    ['nothing is known', trendWith(null), null],
    ['sizes are known', { ...trendWith(null), spark: [1, 2] }, '`▁█` last day'],
    [
      'a forecast is known',
      { ...trendWith({ confidence: 'low' }), spark: [1, 2] },
      '`▁█` *Perhaps full in 30 h*, growing by 410 MiB a day.',
    ],
  ])('where %s', (_what, trend, line) => {
    expect(trendLine(trend, NOW)).toBe(line);
  });
});
