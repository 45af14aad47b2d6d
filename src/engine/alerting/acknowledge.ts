import type { Actor } from '../../domain/actor.js';
import { withEvent } from '../../domain/alerting/apply.js';
import type { AlertBook, Incident } from '../../domain/alerting/incident.js';
import type { Cluster } from '../../domain/cluster.js';
import { no, yes, type Verdict } from '../../domain/errors.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import type { AlertStore, Audit, Clock, Outbox } from '../../domain/ports.js';
import { bare } from '../../domain/sentence.js';
import { duration } from '../../domain/units.js';
import { accessTo, authorise, type AuthoriseDeps } from '../authorise.js';
import { show } from './announce.js';

export interface IncidentDeps extends AuthoriseDeps {
  readonly alerts: AlertStore;
  readonly outbox: Outbox;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly clusters: readonly Cluster[];
}

export interface IncidentRequest {
  readonly incidentId: string;
  readonly actor: Actor;
  /** Null: in App Home. */
  readonly channel: string | null;
}

/**
 * Somebody looks after it: no escalation, and no reminders but rare ones of what is critical, until it gets worse. Safe to
 * repeat: whoever was first stays.
 */
export async function acknowledge(deps: IncidentDeps, request: IncidentRequest): Promise<Verdict<Incident>> {
  const found = await steerable(deps, request);
  if (!found.ok || found.value.acknowledged) return found;
  const at = deps.clock.now();
  const by = request.actor;
  const changed = await changeIncident(deps, found.value, (incident) => {
    if (incident.acknowledged) return null;
    const taken: Incident = { ...incident, acknowledged: { by, at } };
    const text = 'Acknowledged: no more reminders unless it gets worse.';
    return incident.untold ? taken : withEvent(taken, { kind: 'acknowledged', at, text, by });
  });
  if (changed.ok) await recordClick(deps, changed.value, { event: 'incident.acknowledged', who: by.userId });
  return changed;
}

/** The incident, where this person may steer its cluster and it still fires; else a sentence that says how it stands. */
export async function steerable(deps: IncidentDeps, request: IncidentRequest): Promise<Verdict<Incident>> {
  const incident = await deps.alerts.incident(request.incidentId);
  if (!incident) return no('This incident is not known any more.');
  const allowed = await maySteer(deps, incident, request);
  if (!allowed.ok) return allowed;
  return incident.state === 'resolved' ? over(incident) : yes(incident);
}

/** What concerns the monitor itself is everybody's who may steer any cluster, in the channel where it is told. */
async function maySteer(
  deps: IncidentDeps,
  incident: Incident,
  { actor, channel }: IncidentRequest,
): Promise<Verdict<unknown>> {
  const everywhere = incident.cluster === ALL_CLUSTERS;
  const concerned = deps.clusters.filter(({ name }) => everywhere || name === incident.cluster);
  const refusals: Verdict<unknown>[] = [];
  for (const cluster of concerned) {
    const access = accessTo(cluster, { actor, channel, right: 'steer' });
    // A route may tell it in another channel than the cluster's own: there its buttons have to work, too.
    const clusterChannels =
      channel === incident.channel ? [...access.clusterChannels, channel] : access.clusterChannels;
    const allowed = await authorise(deps, { ...access, clusterChannels });
    if (allowed.ok) return allowed;
    refusals.push(allowed);
  }
  return refusals[0] ?? no(`${incident.cluster} is not configured any more.`);
}

function over({ since, resolved }: Incident): Verdict<never> {
  const took = resolved ? duration(Math.max(1000, resolved.at - since)) : 'a while';
  return no(`This is over: it was resolved after ${took}, as ${bare(resolved?.because ?? 'all is well')}.`);
}

/** One open incident changed in its cluster's book, and shown; `change` answers null where there is nothing to change. */
export async function changeIncident(
  deps: Pick<IncidentDeps, 'alerts' | 'outbox' | 'clock'>,
  { id, cluster }: Incident,
  change: (incident: Incident) => Incident | null,
): Promise<Verdict<Incident>> {
  const seen: { incident?: Incident } = {};
  const shown = await deps.alerts.swap(cluster, (book) => {
    const current = book.incidents.find((one) => one.id === id);
    if (current) seen.incident = current;
    const changed = current?.state === 'firing' ? change(current) : null;
    return changed
      ? replaced(book, { ...changed, version: changed.version + 1, changedAt: deps.clock.now() })
      : null;
  });
  await show(deps, shown);
  const incident = shown[0] ?? seen.incident;
  if (!incident) return no('This incident is not known any more.');
  return incident.state === 'resolved' ? over(incident) : yes(incident);
}

function replaced(book: AlertBook, incident: Incident): AlertBook {
  return { ...book, incidents: book.incidents.map((one) => (one.id === incident.id ? incident : one)) };
}

interface Click {
  readonly event: string;
  readonly who: string;
  readonly why?: string;
}

export async function recordClick(
  { audit, clock }: Pick<IncidentDeps, 'audit' | 'clock'>,
  { id, cluster, severity }: Incident,
  click: Click,
): Promise<void> {
  await audit.record({ at: clock.now(), ...click, cluster, detail: { incident: id, severity } });
}
