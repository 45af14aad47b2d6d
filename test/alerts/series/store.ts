import type {
  Activity,
  MemberActivity,
  SizeBucket,
  SizePoint,
  SizeSeries,
} from '../../../src/domain/alerting/past.js';
import type { MemberSample } from '../../../src/domain/ports.js';
import { HOUR, MINUTE } from '../../facts.js';

const SLOT = 5 * MINUTE;
const KEPT = { raw: 600, slots: 600, hours: 504 } as const;

interface Rows {
  quotaBytes: number | null;
  readonly raw: SizePoint[];
  readonly slots: SizeBucket[];
  readonly hours: SizeBucket[];
  activity: readonly Activity[];
}

/** The past of one cluster, kept and thinned as Redis keeps it. A moment that is not newer than the last is left out. */
export class Past {
  private readonly members = new Map<string, Rows>();

  add(at: number, samples: Readonly<Record<string, MemberSample>>): void {
    for (const [id, sample] of Object.entries(samples)) {
      const rows = this.members.get(id) ?? { quotaBytes: null, raw: [], slots: [], hours: [], activity: [] };
      this.members.set(id, rows);
      if (at <= (rows.raw.at(-1)?.at ?? 0)) continue;
      const { sizeBytes, inUseBytes, quotaBytes, activity } = sample;
      rows.quotaBytes = quotaBytes;
      rows.raw.push({ at, sizeBytes, inUseBytes });
      trim(rows.raw, KEPT.raw, SLOT);
      merge(rows.slots, SLOT, { at, sizeBytes, inUseBytes });
      trim(rows.slots, KEPT.slots, HOUR);
      merge(rows.hours, HOUR, { at, sizeBytes, inUseBytes });
      if (rows.hours.length > KEPT.hours) rows.hours.shift();
      const lately = rows.activity.filter(({ to }) => to >= at - 30 * MINUTE);
      rows.activity = activity ? [...lately, activity] : lately;
    }
  }

  /** The clock was ahead: what it wrote then is forgotten. */
  forgetAfter(at: number): void {
    for (const rows of this.members.values()) {
      for (const list of [rows.raw, rows.slots, rows.hours]) while ((list.at(-1)?.at ?? 0) > at) list.pop();
      rows.activity = [];
    }
  }

  sizes(): readonly SizeSeries[] {
    return [...this.members].map(([memberId, { quotaBytes, raw, slots, hours }]) => {
      const slotsFrom = begin(raw[0], SLOT);
      const hoursFrom = Math.min(begin(slots[0], HOUR), begin(raw[0], HOUR));
      const coarse = hours.filter(({ at }) => at < hoursFrom);
      return {
        memberId,
        quotaBytes,
        points: [...coarse, ...slots.filter(({ at }) => at < slotsFrom), ...raw],
      };
    });
  }

  activity(): readonly MemberActivity[] {
    return [...this.members].map(([memberId, { activity }]) => ({ memberId, activity }));
  }
}

function begin(first: SizePoint | undefined, span: number): number {
  return first ? floor(first.at, span) : Infinity;
}

function floor(at: number, span: number): number {
  return Math.floor(at / span) * span;
}

/** Whole spans of the next coarser list go at once. */
function trim(rows: SizePoint[], most: number, span: number): void {
  const [first] = rows;
  if (!first || rows.length <= most) return;
  const gone = rows.findIndex(({ at }) => floor(at, span) !== floor(first.at, span));
  rows.splice(0, gone);
}

function merge(rows: SizeBucket[], spanMs: number, { at, sizeBytes, inUseBytes }: SizePoint): void {
  const last = rows.at(-1);
  const from = floor(at, spanMs);
  if (last?.at !== from) {
    rows.push({ at: from, spanMs, sizeBytes, inUseBytes, leastInUseBytes: inUseBytes });
    return;
  }
  rows[rows.length - 1] = {
    at: from,
    spanMs,
    sizeBytes: Math.max(last.sizeBytes, sizeBytes),
    inUseBytes: pick(Math.max, last.inUseBytes, inUseBytes),
    leastInUseBytes: pick(Math.min, last.leastInUseBytes, inUseBytes),
  };
}

function pick(of: (...values: number[]) => number, one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : of(one, other);
}
