import type { Actor, Place, Right } from '../domain/actor.js';
import type { Incident } from '../domain/alerting/incident.js';
import type { Cluster } from '../domain/cluster.js';
import { no, type Refusal, type Verdict } from '../domain/errors.js';
import { ALL_CLUSTERS } from '../domain/pause.js';
import type { Ledger } from '../domain/ports.js';
import { acknowledge } from '../engine/alerting/acknowledge.js';
import { muteIncident, type MuteDeps, type MuteRequest } from '../engine/alerting/mute.js';
import { accessTo, authorise } from '../engine/authorise.js';
import { refused, said, type Reply } from './asking.js';
import { runbookOf } from './blocks/incident-buttons.js';
import { incidentDetails } from './blocks/incident-details.js';
import { acknowledgedMessage } from './blocks/incident-event.js';
import { muteForm } from './blocks/mute-form.js';
import { refusalMessage } from './blocks/refusal.js';
import { askedOf, type DispatchDeps } from './dispatch.js';
import { guarded } from './guarded.js';
import { rootMarker } from './present-incident.js';

export interface IncidentClickDeps extends DispatchDeps, Omit<MuteDeps, keyof DispatchDeps> {
  readonly ledger: Ledger;
}

export type IncidentButton = 'acknowledge' | 'mute' | 'details' | 'diagnose' | 'fix';

export interface IncidentClick {
  readonly incidentId: string;
  readonly actor: Actor;
  /** Null: in App Home. */
  readonly channel: string | null;
  readonly responseUrl?: string | undefined;
}

interface Case {
  readonly click: IncidentClick;
  readonly incident: Incident;
}

/** A click on an incident: what comes of it stands in its thread; the one who clicked is told what did not work. */
export async function incidentClicked(
  deps: IncidentClickDeps,
  button: IncidentButton,
  click: IncidentClick,
): Promise<Reply> {
  return guarded(deps, async () => {
    const incident = await deps.alerts.incident(click.incidentId);
    if (!incident)
      return refused(no('This incident is not known any more.', ['`/etcd incidents` lists what fires.']));
    return clicked(deps, button, { click, incident });
  });
}

function clicked(deps: IncidentClickDeps, button: IncidentButton, found: Case): Promise<Reply> {
  if (button === 'acknowledge') return acknowledged(deps, found);
  if (button === 'mute') return formToMute(deps, found);
  if (button === 'details') return details(deps, found);
  if (button === 'diagnose') return askInThread(deps, found, { verb: 'diagnose', right: 'read' });
  const runbook = runbookOf(found.incident);
  if (runbook !== null && deps.commands.has(runbook))
    return askInThread(deps, found, { verb: runbook, right: 'propose' });
  return Promise.resolve(refused(nothingToFix(found.incident)));
}

async function acknowledged(deps: IncidentClickDeps, { click }: Case): Promise<Reply> {
  const { incidentId, actor, channel } = click;
  const verdict = await acknowledge(deps, { incidentId, actor, channel });
  return verdict.ok ? said(acknowledgedMessage()) : refusedBy(verdict);
}

/** A form that comes back. Null: it is muted, and its thread says so. */
export async function muteSubmitted(deps: IncidentClickDeps, request: MuteRequest): Promise<Reply> {
  return guarded(deps, async () => {
    const verdict = await muteIncident(deps, request);
    return verdict.ok ? null : refusedBy(verdict);
  });
}

/** Who may not mute gets no form. */
async function formToMute(deps: IncidentClickDeps, { click, incident }: Case): Promise<Reply> {
  const allowed = await mayOn(deps, { click, incident }, 'steer');
  if (!allowed.ok) return refusedBy(allowed);
  if (incident.state === 'resolved')
    return refused(no('This incident is over, so there is nothing to mute.', ['`/etcd mute` mutes a rule.']));
  const otherwise = refusalMessage('Slack did not open the form.', ['Press the button once more.']);
  return { kind: 'form', view: muteForm(incident, click.channel), otherwise };
}

async function details(deps: IncidentClickDeps, found: Case): Promise<Reply> {
  const allowed = await mayOn(deps, found, 'read');
  return allowed.ok ? said(incidentDetails(found.incident)) : refusedBy(allowed);
}

interface Wish {
  readonly verb: string;
  readonly right: Right;
}

/** The same question as by a command; its answer, or its card, stands in the incident's thread. */
async function askInThread(deps: IncidentClickDeps, found: Case, { verb, right }: Wish): Promise<Reply> {
  const { click, incident } = found;
  const cluster = clusterOf(deps, incident);
  if (!cluster) return refused(notConfigured(incident));
  // A command has a channel, and the Home has none: what counts there is the cluster's first.
  const allowed = click.channel === null ? await mayOn(deps, found, right) : null;
  if (allowed?.ok === false) return refusedBy(allowed);
  const { actor, responseUrl } = click;
  const place = await threadOf(deps, found);
  return askedOf(deps, { actor, place: { ...place, responseUrl }, canOpen: true }, { verb, cluster });
}

/** Where its root message stands; until that is posted, the channel itself. */
async function threadOf({ ledger }: IncidentClickDeps, { incident }: Case): Promise<Place> {
  const root = await ledger.find(rootMarker(incident));
  return root ? { channel: root.channel, thread: root.ts } : { channel: incident.channel };
}

/** What is about all clusters concerns whoever has the right on one of this channel's. */
async function mayOn(
  deps: IncidentClickDeps,
  { click: { actor, channel }, incident }: Case,
  right: Right,
): Promise<Verdict<unknown>> {
  let refusal: Refusal = notConfigured(incident);
  for (const cluster of deps.clusters) {
    if (incident.cluster !== ALL_CLUSTERS && incident.cluster !== cluster.name) continue;
    const allowed = await authorise(deps, accessTo(cluster, { actor, right, channel }));
    if (allowed.ok) return allowed;
    refusal = allowed;
  }
  return refusal;
}

function clusterOf({ clusters }: IncidentClickDeps, incident: Incident): Cluster | undefined {
  return clusters.find(({ name }) => name === incident.cluster);
}

function refusedBy({ reason, instead, people }: Refusal): Reply {
  return said(refusalMessage(reason, instead, people));
}

function notConfigured({ cluster }: Incident): Refusal {
  return cluster === ALL_CLUSTERS
    ? no('This incident is about no single cluster.', ['`/etcd clusters` shows each of them.'])
    : no(`${cluster} is not configured any more.`);
}

function nothingToFix({ state }: Incident): Refusal {
  return state === 'resolved'
    ? no('This incident is over, so there is nothing to fix.', ['`/etcd diagnose` looks once more.'])
    : no('No runbook helps with this.', ['Press *Diagnose*: it says what can be done by hand.']);
}
