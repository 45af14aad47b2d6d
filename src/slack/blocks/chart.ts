import type { ChartData } from '../../domain/alerting/ports.js';
import { bytes } from '../../domain/units.js';
import { forecastParts } from './chart-forecast.js';
import { CARD, frameOf, PLOT, sizeTicks, timeTicks, x, y, type Frame } from './chart-frame.js';
import { inUseBand, inUsePath, runsOf, sizePath } from './chart-lines.js';
import { chartVerdict, fullestOf } from './chart-text.js';
import { COLOUR, element, line, stroke, text } from './chart-svg.js';
import { DAY_MS, dayText, timeText } from './chart-time.js';
import { oneLine, shorten } from './escape.js';

const TITLE = 38;
const VERDICT = 66;
const LABEL = 16;

/**
 * A cluster's sizes over time as an SVG of 1200 × 675: a card of its own colour, so that it can be read in a light Slack
 * and in a dark one. The fullest member is drawn bold, the others thin. Times are in UTC.
 */
export function chartSvg(data: ChartData): string {
  const frame = frameOf(data);
  const fullest = fullestOf(data);
  const known = frame !== null && fullest !== null;
  const parts = [
    element('rect', { ...CARD, rx: 28, fill: COLOUR.card }),
    text(shorten(oneLine(data.cluster), TITLE), { x: 48, y: 82, size: 52, bold: true }),
    text(shorten(oneLine(chartVerdict(data)), VERDICT), { x: 48, y: 134, size: 35, colour: COLOUR.quiet }),
    ...(known ? plotParts(data, frame, fullest.index) : []),
  ];
  const { width, height } = CARD;
  const viewBox = `0 0 ${String(width)} ${String(height)}`;
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox, 'font-family': 'Roboto' },
    parts.join(''),
  );
}

type Member = ChartData['members'][number];

function plotParts(data: ChartData, frame: Frame, bold: number): readonly string[] {
  const others = data.members.filter((_, index) => index !== bold);
  const main = data.members.slice(bold, bold + 1);
  return [
    ...aheadParts(frame),
    ...sizeAxis(frame),
    ...timeAxis(frame),
    ...others.flatMap((member) => memberParts(frame, member, false)),
    ...main.flatMap((member) => memberParts(frame, member, true)),
    ...quotaParts(data, frame),
    ...forecastParts(data, frame, bold),
    ...legend(data, bold),
  ];
}

/** What has not happened yet stands on another ground. */
function aheadParts(frame: Frame): readonly string[] {
  if (frame.meets === null) return [];
  const from = x(frame, frame.last);
  const place = { x: from, y: PLOT.top, width: PLOT.right - from, height: PLOT.bottom - PLOT.top };
  return [element('rect', { ...place, fill: COLOUR.ahead })];
}

function sizeAxis(frame: Frame): readonly string[] {
  return sizeTicks(frame).flatMap((tick) => {
    const at = y(frame, tick);
    const label = text(tick === 0 ? '0' : bytes(tick), {
      x: PLOT.left - 16,
      y: at + 11,
      size: 31,
      anchor: 'end',
      colour: COLOUR.quiet,
    });
    return [line([PLOT.left, at], [PLOT.right, at], stroke(COLOUR.grid, 2)), label];
  });
}

/** The date stands under the first time, and wherever another day begins. */
function timeAxis(frame: Frame): readonly string[] {
  const { stepMs, at } = timeTicks(frame);
  const days = stepMs >= DAY_MS;
  const ticks = at.flatMap((moment, index) => {
    const px = x(frame, moment);
    const place = {
      x: Math.min(px, PLOT.right - 30),
      size: 31,
      anchor: 'middle',
      colour: COLOUR.quiet,
    } as const;
    const newDay = index === 0 || dayText(moment) !== dayText(moment - stepMs);
    return [
      line([px, PLOT.bottom], [px, PLOT.bottom + 10], stroke(COLOUR.grid, 3)),
      text(days ? dayText(moment) : timeText(moment), { ...place, y: PLOT.bottom + 44 }),
      ...(newDay && !days ? [text(dayText(moment), { ...place, y: PLOT.bottom + 82 })] : []),
    ];
  });
  return [...ticks, text('UTC', { x: 48, y: PLOT.bottom + 44, size: 31, colour: COLOUR.quiet })];
}

/** Of the others only the size: more lines hide what matters. */
function memberParts(frame: Frame, { series }: Member, bold: boolean): readonly string[] {
  return runsOf(frame, series.points).flatMap((run) => {
    // A moment of its own is a dot that can be seen.
    const width = (usual: number): number => (run.length === 1 ? 18 : usual);
    const size = element('path', { d: sizePath(frame, run), ...stroke(COLOUR.size, bold ? width(7) : 2.5) });
    if (!bold) return [size];
    return [
      element('path', { d: inUseBand(frame, run), fill: COLOUR.inUse, 'fill-opacity': 0.25 }),
      element('path', { d: inUsePath(frame, run), ...stroke(COLOUR.inUse, width(6)) }),
      size,
    ];
  });
}

function quotaParts({ quotaBytes }: ChartData, frame: Frame): readonly string[] {
  if (quotaBytes === null) return [];
  const at = y(frame, quotaBytes);
  return [
    line([PLOT.left, at], [PLOT.right, at], stroke(COLOUR.quota, 4)),
    text(`quota ${bytes(quotaBytes)}`, {
      x: PLOT.left + 8,
      y: at - 14,
      size: 31,
      bold: true,
      colour: COLOUR.quotaText,
    }),
  ];
}

/** Only what is in the picture. */
function legend({ members, trend, quotaBytes }: ChartData, bold: number): readonly string[] {
  const inUse = members
    .slice(bold, bold + 1)
    .some(({ series }) => series.points.some((point) => point.inUseBytes !== null));
  const name = shorten(oneLine(members[bold]?.label ?? ''), LABEL);
  const entries = [
    { words: members.length > 1 ? `size of ${name}` : 'size', mark: stroke(COLOUR.size, 7) },
    ...(inUse ? [{ words: 'in use', mark: stroke(COLOUR.inUse, 6) }] : []),
    ...(members.length > 1 ? [{ words: 'others', mark: stroke(COLOUR.size, 2.5) }] : []),
    ...(trend?.forecast && quotaBytes !== null
      ? [{ words: 'forecast', mark: stroke(COLOUR.text, 5, true) }]
      : []),
  ];
  let left = 48;
  return entries.flatMap(({ words, mark }) => {
    const from = left;
    left += 110 + words.length * 16;
    return [line([from, 181], [from + 56, 181], mark), text(words, { x: from + 68, y: 192, size: 31 })];
  });
}
