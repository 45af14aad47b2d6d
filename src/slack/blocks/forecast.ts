import type { Forecast, Trend } from '../../domain/alerting/past.js';
import { sparkline } from '../../domain/alerting/spark.js';
import { bytes } from '../../domain/units.js';
import { roughly } from './chart-time.js';
import { code } from './table.js';
import { moment } from './time.js';

/** Sizes of the last day as a line of text, and when the quota will be reached; null: neither is known. */
export function trendLine(trend: Trend | null | undefined, now: number): string | null {
  if (!trend) return null;
  const spark = sparkline(trend.spark);
  const line = spark === '' ? '' : `${code(spark)} ${trend.forecast ? '' : 'last day'}`.trim();
  const sentence = trend.forecast ? forecastSentence(trend.forecast, now) : '';
  return [line, sentence].filter(Boolean).join(' ') || null;
}

/** Which day and hour, how sure that is, and what it stands on. mrkdwn. */
export function forecastSentence(forecast: Forecast, now: number): string {
  const { basis, growthBytesPerDay } = forecast;
  const grows = growthBytesPerDay > 0 ? `, growing by ${bytes(growthBytesPerDay)} a day` : '';
  const physical = basis === 'physical' ? ' By physical size: the size in use is not known.' : '';
  return `*${forecastWords(forecast, now)}*${grows}.${physical}`;
}

/** The same as half a sentence, for lists. */
export function forecastWords({ reachedAt, confidence }: Forecast, now: number): string {
  if (reachedAt <= now) return 'Full about now';
  const left = roughly(reachedAt - now);
  if (confidence === 'low') return `Perhaps full in ${left}`;
  return `Full ${confidence === 'medium' ? 'about ' : ''}${moment(reachedAt)}, in ${left}`;
}
