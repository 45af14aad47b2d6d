import type { ChartData } from '../../domain/alerting/ports.js';
import { chartSvg } from './chart.js';
import { chartVerdict } from './chart-text.js';
import { oneLine } from './escape.js';
import type { MessageFile } from './message.js';

/** The picture with its verdict in words, for those who can't see it. Null: nothing is known that could be drawn. */
export function chartFile(data: ChartData): MessageFile | null {
  if (data.members.every(({ series }) => series.points.length === 0)) return null;
  const title = oneLine(`${data.cluster}: ${chartVerdict(data)}`);
  return { name: 'sizes.png', title, content: chartSvg(data), picture: true };
}
