import type { Incident } from './incident.js';
import type { Forecast, Trend } from './past.js';
import { sparkline } from './spark.js';

/** What the sizes of the last day look like in a line of text, and where they go; what was foretold and is past says nothing. */
export function pictureOf(trend: Trend | null, now: number): Incident['picture'] {
  if (!trend) return null;
  const spark = sparkline(trend.spark);
  const ahead = trend.forecast && trend.forecast.reachedAt > now ? trend.forecast : null;
  const forecast = ahead && forecastSentence(ahead);
  return spark === '' && forecast === null ? null : { spark, forecast };
}

function forecastSentence({ reachedAt, basis, confidence }: Forecast): string {
  const at = new Date(reachedAt).toISOString().slice(0, 16).replace('T', ' ');
  const by =
    basis === 'in-use' ? 'by the size in use' : 'by the physical size, as the size in use is not known';
  return `At this pace the quota is reached at ${at} UTC (confidence ${confidence}, ${by}).`;
}
