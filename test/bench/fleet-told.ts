import type { Ages } from './fleet-gauge.js';
import type { Row } from './table.js';

const MOST_CORE = 0.6;
const MOST_BYTES = 500 * 1024 ** 2;
const MOST_AGE_MS = 15_000;
/** Of the answers that the intervals ask for. */
const LEAST_ANSWERS = 0.97;

/** One monitor before a fleet. */
export interface Watched {
  readonly clusters: number;
  /** Share of one core. */
  readonly core: number;
  readonly redisCore: number;
  readonly fleetCore: number;
  readonly bytes: number;
  readonly ages: Ages;
  /** Members' answers, as a share of those that the intervals ask for. */
  readonly status: number;
  readonly metrics: number;
}

export function told({
  clusters,
  core,
  redisCore,
  fleetCore,
  bytes,
  ages,
  status,
  metrics,
}: Watched): string {
  const { p50, p99, worst } = ages;
  return [
    `${String(clusters)} clusters: ${percent(core)} of a core (Redis ${percent(redisCore)}, the fleet ${percent(fleetCore)})`,
    mebibytes(bytes),
    `age of a sample p50 ${seconds(p50)}, p99 ${seconds(p99)}, worst ${seconds(worst)}`,
    `of the answers due: Status ${percent(status)}, metrics ${percent(metrics)}`,
  ].join('; ');
}

export function growth(few: Watched, many: Watched): string {
  const times = (of: (one: Watched) => number): string => `× ${(of(many) / of(few)).toFixed(1)}`;
  const [core, bytes, age] = [
    times((one) => one.core),
    times((one) => one.bytes),
    times((one) => one.ages.p99),
  ];
  return `processor ${core}, memory ${bytes}, age of a sample ${age}`;
}

export function rowsOf(many: Watched): readonly Row[] {
  const name = (what: string): string => `monitor of ${String(many.clusters)} clusters, ${what}`;
  const row = (what: string, ours: string, [limit, met]: readonly [string, boolean]): Row => ({
    ...{ name: name(what), ours, theirs: '', ratio: '', limit, met },
  });
  const answers = Math.min(many.status, many.metrics);
  return [
    row('share of a core', percent(many.core), [`< ${percent(MOST_CORE)}`, many.core < MOST_CORE]),
    row('resident memory', mebibytes(many.bytes), [`< ${mebibytes(MOST_BYTES)}`, many.bytes < MOST_BYTES]),
    row('age of a sample, p99', seconds(many.ages.p99), [
      `< ${seconds(MOST_AGE_MS)}`,
      many.ages.p99 < MOST_AGE_MS,
    ]),
    row('read of what was due', percent(answers), [`≥ ${percent(LEAST_ANSWERS)}`, answers >= LEAST_ANSWERS]),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
