import type { ChartData } from '../../domain/alerting/ports.js';
import { most, PLOT, x, y, type Frame } from './chart-frame.js';
import { COLOUR, element, line, stroke, text } from './chart-svg.js';
import { momentText } from './chart-time.js';

/** The envelope's height now is the highest of this last share of what is known. */
const NEWEST = 0.1;

/** From the newest peak to where it meets the quota, with that moment; an arrow where that is outside of the picture. */
export function forecastParts(data: ChartData, frame: Frame, bold: number): readonly string[] {
  const { meets } = frame;
  const { quotaBytes } = data;
  if (meets === null || quotaBytes === null) return [];
  const height = Math.min(heightNow(data, frame, bold), quotaBytes);
  const inside = Math.min(meets, frame.to);
  const reached = height + ((quotaBytes - height) * (inside - frame.last)) / (meets - frame.last);
  const from = [x(frame, frame.last), y(frame, height)] as const;
  const to = [x(frame, inside), y(frame, reached)] as const;
  return [
    line(from, to, stroke(COLOUR.text, 6, true)),
    meets <= frame.to ? meeting(to) : leaving(to),
    momentAt(meets, frame, quotaBytes),
  ];
}

function meeting([cx, cy]: readonly [number, number]): string {
  return element('circle', { cx, cy, r: 11, fill: COLOUR.card, ...ring });
}

const ring = { stroke: COLOUR.quota, 'stroke-width': 6 };

function leaving([px, py]: readonly [number, number]): string {
  const d = `M${px - 22} ${py - 12}L${px} ${py}L${px - 22} ${py + 12}`;
  return element('path', { d, ...stroke(COLOUR.text, 6) });
}

function momentAt(at: number, frame: Frame, quotaBytes: number): string {
  const place = { x: PLOT.right, y: y(frame, quotaBytes) - 20, size: 33, bold: true, anchor: 'end' } as const;
  return text(momentText(at, frame.last), place);
}

function heightNow({ members, trend }: ChartData, frame: Frame, bold: number): number {
  const points = members[bold]?.series.points ?? [];
  const since = frame.last - (frame.last - frame.from) * NEWEST;
  const physical = trend?.forecast?.basis === 'physical';
  const newest = points.filter((point, index) => point.at >= since || index === points.length - 1);
  return most(newest.map((point) => (physical ? point.sizeBytes : (point.inUseBytes ?? point.sizeBytes))));
}
