import type { ChartData } from '../../domain/alerting/ports.js';
import { bytes, percent } from '../../domain/units.js';
import { momentText, roughly } from './chart-time.js';
import { most } from './chart-frame.js';

/** The line under the title: the one thing that the picture says. Raw text. */
export function chartVerdict(data: ChartData): string {
  const forecast = data.trend?.forecast ?? null;
  const fullest = fullestOf(data);
  if (fullest === null) return 'Nothing is known of its sizes yet';
  const { label, size } = fullest;
  const { quotaBytes } = data;
  if (quotaBytes === null) return `${label}: ${bytes(size)}; its quota is not known`;
  if (size >= quotaBytes) return `Full: ${label} is at its quota of ${bytes(quotaBytes)}`;
  if (forecast !== null && forecast.reachedAt > data.at) {
    const when = momentText(forecast.reachedAt, data.at);
    const left = roughly(forecast.reachedAt - data.at);
    if (forecast.confidence === 'high') return `Full ${when}, in ${left}`;
    return forecast.confidence === 'medium'
      ? `Full about ${when}, in ${left}`
      : `Perhaps full in ${left}, by ${when}`;
  }
  return `${label}: ${percent(size / quotaBytes)} of its quota of ${bytes(quotaBytes)}`;
}

export interface Fullest {
  readonly index: number;
  readonly label: string;
  /** Its newest size, bytes. */
  readonly size: number;
}

/** The member that the forecast is about, else the one with the largest newest size. */
export function fullestOf({ members, trend }: ChartData): Fullest | null {
  const known = members.flatMap(({ label, series }, index) => {
    const size = series.points.at(-1)?.sizeBytes;
    return size === undefined ? [] : [{ index, label, size, id: series.memberId }];
  });
  const largest = most(known.map(({ size }) => size));
  const named = known.find(({ id }) => id === trend?.forecast?.memberId);
  return named ?? known.find(({ size }) => size === largest) ?? null;
}
