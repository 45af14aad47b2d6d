import { blindness } from '../../domain/alerting/blindness.js';
import type { Circumstances } from '../../domain/alerting/circumstances.js';
import { follow } from '../../domain/alerting/follow.js';
import type { AlertBook, Outlook } from '../../domain/alerting/incident.js';
import type { AlertSettings } from '../../domain/alerting/routing.js';
import type { AlertRule } from '../../domain/alerting/rule.js';
import type { Judged } from '../../domain/alerting/rule-state.js';
import type { Cluster } from '../../domain/cluster.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import type { AlertStore, FleetStore, Mutes } from '../../domain/ports.js';
import { entryOf, type Catalogue } from '../catalogue.js';
import { announce, type AnnounceDeps } from './announce.js';
import { settled } from './around.js';
import { beatHeart, type PulseDeps } from './pulse.js';
import { limitsOf } from './judge.js';
import { giveMemoryBack, type MemoryDeps } from './memory.js';
import { endUnwatched } from './unwatched.js';

export interface SurveyDeps extends PulseDeps, MemoryDeps, AnnounceDeps {
  readonly alerts: AlertStore;
  readonly fleet: FleetStore;
  readonly mutes: Pick<Mutes, 'list'>;
  readonly rules: Catalogue<AlertRule>;
  readonly alerting: AlertSettings;
  readonly ids: Parameters<typeof settled>[0]['ids'];
  readonly outbox: PulseDeps['outbox'] & AnnounceDeps['outbox'];
  readonly clusters: readonly Cluster[];
  readonly metricsIntervalMs: number;
}

const RULE = 'monitor-blind';
/** Alertmanager forgets what is not repeated within some minutes. */
const PAGE_EVERY_MS = 60_000;
/** A read that fails takes its whole deadline; so two clusters of one interval may be that far apart. */
const DEADLINE_MS = 2000;

/** Looks at the monitoring itself: whether it sees, whether it keeps up, and whether Redis has room. */
export async function survey(deps: SurveyDeps): Promise<void> {
  const now = deps.clock.now();
  await judgeSight(deps, now);
  await giveMemoryBack(deps, now);
  await lookThroughOpen(deps, now);
  // Last: who cannot do all of the above is not well.
  await beatHeart(deps, now);
}

async function judgeSight(deps: SurveyDeps, now: number): Promise<void> {
  const names = deps.clusters.map(({ name }) => name);
  const [outlooks, mutes, before] = await Promise.all([
    deps.alerts.outlooks(names),
    deps.mutes.list(now),
    deps.alerts.load(ALL_CLUSTERS),
  ]);
  const windowMs = 1.5 * deps.intervalMs + DEADLINE_MS;
  const judged = judgedBy(deps, before, { outlooks, windowMs });
  if (judged.reading.state !== 'firing' && before.incidents.length === 0 && !before.rules[RULE]) return;
  const circumstances = around(deps, { now, mutes });
  const shown = await deps.alerts.swap(ALL_CLUSTERS, (book) => {
    const after = follow(book, [judged], circumstances).book;
    return JSON.stringify(after) === JSON.stringify(book) ? null : after;
  });
  const book = await deps.alerts.load(ALL_CLUSTERS);
  const fires = book.incidents.some(({ state }) => state === 'firing');
  const blindSince = await deps.fleet.blindSince();
  if (fires !== (blindSince !== null)) await deps.fleet.setBlind(fires ? now : null);
  await announce(deps, shown, now);
}

interface Looks {
  readonly outlooks: readonly (Outlook | null)[];
  readonly windowMs: number;
}

function judgedBy(deps: SurveyDeps, { rules }: AlertBook, { outlooks, windowMs }: Looks): Judged {
  const rule = entryOf(deps.rules, RULE);
  const limits = limitsOf(rule, deps.alerting.limitsOf(ALL_CLUSTERS)[RULE]);
  const { share = 0.2, least = 3 } = limits;
  const firing = rules[RULE]?.severity ?? null;
  const sight = { clusters: deps.clusters.length, unreadable: together(outlooks, windowMs), firing };
  return { id: RULE, rule, limits, reading: blindness(sight, { share, least }) };
}

/** The most that turned unreadable within one such span, and still are. */
export function together(outlooks: readonly (Outlook | null)[], windowMs: number): readonly string[] {
  const dark = outlooks
    .flatMap((one) => {
      const since = one?.unreadableSince ?? null;
      return one && since !== null ? [{ name: one.cluster, since }] : [];
    })
    .toSorted((a, b) => a.since - b.since);
  const groups = dark.map(({ since }) =>
    dark.filter((other) => other.since >= since && other.since - since <= windowMs),
  );
  const [most = []] = groups.toSorted((a, b) => b.length - a.length);
  return most.map(({ name }) => name);
}

/** Nothing explains blindness away, and nothing is judged by it here. */
function around(deps: SurveyDeps, { now, mutes }: Pick<Circumstances, 'now' | 'mutes'>): Circumstances {
  const channel = deps.alertsChannel ?? deps.clusters[0]?.channels[0] ?? '';
  const home = { cluster: ALL_CLUSTERS, environment: null, channel };
  return { ...settled(deps, home), now, mutes, quiet: null, blind: false, picture: null };
}

async function lookThroughOpen(deps: SurveyDeps, now: number): Promise<void> {
  if (!(await deps.limits.take('pages', 1, PAGE_EVERY_MS))) return;
  await endUnwatched(deps, now);
  const open = await deps.alerts.open();
  for (const { id, version } of open.filter(({ worst }) => worst === 'critical'))
    await deps.outbox.put({ kind: 'page', id, version });
}
