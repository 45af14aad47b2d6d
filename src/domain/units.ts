const KIB = 1024;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes as a person reads them: `1.5 GiB`, `16 MiB`, `730 B`. */
export function bytes(count: number): string {
  const power = Math.min(Math.floor(Math.log(Math.max(count, 1)) / Math.log(KIB)), BYTE_UNITS.length - 1);
  const scaled = count / KIB ** power;
  const digits = power === 0 || scaled >= 100 || Number.isInteger(scaled) ? 0 : 1;
  return `${scaled.toFixed(digits)} ${BYTE_UNITS[power] ?? ''}`;
}

/** Milliseconds as a person reads them: `40 ms`, `2.5 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 days`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${String(Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${String(seconds)} s`;
  if (seconds < 3600) return pair(seconds, ['min', 's']);
  if (seconds < 172_800) return pair(Math.round(seconds / 60), ['h', 'min']);
  return `${String(Math.round(seconds / 86_400))} days`;
}

/** Sixty of the small unit make one of the large. */
function pair(count: number, [large, small]: readonly [string, string]): string {
  const rest = count % 60;
  const whole = `${String(Math.floor(count / 60))} ${large}`;
  return rest === 0 ? whole : `${whole} ${String(rest)} ${small}`;
}

/** How old something is, to the minute: `40 s`, `10 min`, `3 h 5 min`. */
export function age(ms: number): string {
  return duration(ms < 60_000 ? Math.max(0, ms) : Math.floor(ms / 60_000) * 60_000);
}

/** A time span as a person types it: `90s`, `10m`, `1h30m`, `2d`; null: it is none. */
export function milliseconds(text: string): number | null {
  const parts = /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (!parts) return null;
  const [days, hours, minutes, seconds] = parts.slice(1).map((count) => Number(count || 0));
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
}

/** A share of one as a whole percentage, rounded down: 99.9 % never reads as full. */
export function percent(share: number): string {
  return `${String(Math.floor(share * 100))} %`;
}

/** Large whole numbers with thin groups: `1 234 567`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** A 64-bit id as etcdctl shows it: hex. */
export function hexId(decimalId: string): string {
  return BigInt(decimalId).toString(16);
}
