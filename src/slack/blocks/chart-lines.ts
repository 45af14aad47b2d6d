import type { SizeBucket, SizePoint } from '../../domain/alerting/past.js';
import { most, PLOT, x, y, type Frame } from './chart-frame.js';

type Point = SizePoint | SizeBucket;

/** All that falls within two pixels of the picture's width. */
interface Column {
  readonly x: number;
  readonly size: number;
  readonly inUse: number | null;
  readonly leastInUse: number | null;
}

const COLUMN = 2;
/** A hole is wider than this many of the usual distances, and than this many pixels. */
const HOLE = 4;
const HOLE_PIXELS = 8;

/** Pieces without a hole in them, thinned to what can be seen. */
export function runsOf(frame: Frame, points: readonly Point[]): readonly (readonly Column[])[] {
  const usual = usualGap(points);
  const runs: Point[][] = [];
  for (const point of points) {
    const before = runs.at(-1)?.at(-1);
    if (before && !isHole(frame, { before, point, usual })) runs.at(-1)?.push(point);
    else runs.push([point]);
  }
  return runs.map((run) => columnsOf(frame, run));
}

interface Neighbours {
  readonly before: Point;
  readonly point: Point;
  readonly usual: number;
}

function isHole(frame: Frame, { before, point, usual }: Neighbours): boolean {
  const gap = point.at - before.at - spanOf(before);
  const pixels = x(frame, point.at) - x(frame, before.at + spanOf(before));
  return gap > HOLE * Math.max(usual, spanOf(before), spanOf(point)) && pixels > HOLE_PIXELS;
}

function spanOf(point: Point): number {
  return 'spanMs' in point ? point.spanMs : 0;
}

function usualGap(points: readonly Point[]): number {
  const gaps = points.slice(1).map((point, index) => point.at - (points[index]?.at ?? point.at));
  return gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
}

function columnsOf(frame: Frame, points: readonly Point[]): readonly Column[] {
  const groups = new Map<number, Point[]>();
  for (const point of points) {
    const column = Math.round((x(frame, point.at + spanOf(point) / 2) - PLOT.left) / COLUMN);
    groups.set(column, [...(groups.get(column) ?? []), point]);
  }
  return [...groups].map(([column, group]) => {
    const inUse = group.flatMap((point) => point.inUseBytes ?? []);
    const lowest = group.flatMap((point) => leastInUse(point) ?? []);
    return {
      x: PLOT.left + column * COLUMN,
      size: most(group.map((point) => point.sizeBytes)),
      inUse: inUse.length === 0 ? null : most(inUse),
      leastInUse: lowest.length === 0 ? null : -most(lowest.map((value) => -value)),
    };
  });
}

function leastInUse(point: Point): number | null {
  return 'leastInUseBytes' in point ? point.leastInUseBytes : point.inUseBytes;
}

/** A path through the columns' sizes; a point of its own is a short dash. */
export function sizePath(frame: Frame, run: readonly Column[]): string {
  return path(run.map((column) => [column.x, y(frame, column.size)]));
}

/** The same for the size in use, where it is known. */
export function inUsePath(frame: Frame, run: readonly Column[]): string {
  return path(run.flatMap(({ x: at, inUse }) => (inUse === null ? [] : [[at, y(frame, inUse)] as const])));
}

/** Between the peaks of the size in use and what compactions left. */
export function inUseBand(frame: Frame, run: readonly Column[]): string {
  const known = run.filter(({ inUse, leastInUse: low }) => inUse !== null && low !== null);
  if (known.length < 2) return '';
  const top = known.map((column) => [column.x, y(frame, column.inUse ?? 0)] as const);
  const bottom = known.map((column) => [column.x, y(frame, column.leastInUse ?? 0)] as const);
  return `${path([...top, ...bottom.toReversed()])}Z`;
}

function path(points: readonly (readonly [number, number])[]): string {
  const [first, ...others] = points;
  if (!first) return '';
  const rest = others.length === 0 ? 'h0.1' : others.map(([px, py]) => `L${px} ${py}`).join('');
  return `M${first[0]} ${first[1]}${rest}`;
}
