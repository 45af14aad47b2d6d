import type { Actor } from '../domain/actor.js';
import type { Outlook } from '../domain/alerting/incident.js';
import type { Cluster } from '../domain/cluster.js';
import { ALL_CLUSTERS } from '../domain/pause.js';
import type { AlertStore, Clock } from '../domain/ports.js';
import { accessTo, authorise } from '../engine/authorise.js';
import { waitingFor, type WaitingDeps } from '../engine/waiting.js';
import type { ClusterGlance } from './blocks/home-clusters.js';
import type { HomeContent } from './blocks/home.js';

export interface HomeDeps extends WaitingDeps {
  readonly alerts: Pick<AlertStore, 'outlooks' | 'open'>;
  readonly clock: Clock;
  /** A sample older than this says nothing of now, milliseconds. */
  readonly sampleValidMs: number;
}

const MOST_RECENT = 100;

/** All that one person may see, read anew: nobody's Home shows a cluster that they could not ask about. */
export async function homeOf(deps: HomeDeps, actor: Actor): Promise<HomeContent> {
  const now = deps.clock.now();
  const { visible, unsure } = await visibleTo(deps, actor);
  const names = new Set(visible.map(({ name }) => name));
  const [outlooks, incidents, waiting, recent] = await Promise.all([
    deps.alerts.outlooks([...names]),
    deps.alerts.open(),
    waitingFor(deps, { actor, channel: '' }),
    deps.operations.recent(MOST_RECENT),
  ]);
  const forMe = [...waiting.here, ...waiting.elsewhere].filter(({ plan }) => names.has(plan.cluster));
  const ids = new Set(forMe.map(({ id }) => id));
  return {
    now,
    clusters: visible.map((cluster, index) => glance(deps, cluster, outlooks[index] ?? null)),
    unsure,
    waiting: forMe,
    incidents: incidents.filter(
      ({ cluster }) => names.has(cluster) || (cluster === ALL_CLUSTERS && names.size > 0),
    ),
    recent: recent.filter(({ id, plan }) => names.has(plan.cluster) && !ids.has(id)),
  };
}

/** Three intervals without a sample: what was true then is not told as if it were true now. */
const MISSED = 3;

function glance(
  { clock, sampleValidMs }: HomeDeps,
  { name, environment }: Cluster,
  outlook: Outlook | null,
): ClusterGlance {
  const stale = outlook !== null && clock.now() - outlook.at > MISSED * sampleValidMs;
  return { name, environment, outlook, stale };
}

/** So many questions at once to Slack, where nothing is remembered yet; what is remembered costs nothing. */
const AT_ONCE = 20;

interface Visible {
  readonly visible: readonly Cluster[];
  /** Of so many clusters Slack did not say whether they may be shown. */
  readonly unsure: number;
}

async function visibleTo(deps: HomeDeps, actor: Actor): Promise<Visible> {
  const visible: Cluster[] = [];
  let unsure = 0;
  for (let first = 0; first < deps.clusters.length; first += AT_ONCE) {
    const some = deps.clusters.slice(first, first + AT_ONCE);
    const verdicts = await Promise.all(some.map((cluster) => mayLook(deps, cluster, actor)));
    visible.push(...some.filter((_, index) => verdicts[index]?.ok === true));
    unsure += verdicts.filter((verdict) => !verdict.ok && verdict.passes === true).length;
  }
  return { visible, unsure };
}

function mayLook(deps: HomeDeps, cluster: Cluster, actor: Actor): ReturnType<typeof authorise> {
  return authorise(deps, accessTo(cluster, { actor, right: 'read', channel: null }));
}
