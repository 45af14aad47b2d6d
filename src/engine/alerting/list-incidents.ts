import type { Incident } from '../../domain/alerting/incident.js';
import { ALERT_SEVERITIES } from '../../domain/alerting/rule.js';
import type { Question } from '../../domain/answer.js';
import type { Cluster } from '../../domain/cluster.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import type { AlertStore, AnswerStore, Clock, Mutes, Outbox } from '../../domain/ports.js';

export interface ListIncidentsDeps {
  readonly alerts: Pick<AlertStore, 'open'>;
  readonly mutes: Pick<Mutes, 'list'>;
  readonly clusters: readonly Cluster[];
  readonly answers: AnswerStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
}

/** What fires on the clusters of the asking channel, worst first, and what is muted there. */
export async function listIncidents(deps: ListIncidentsDeps, question: Question): Promise<void> {
  const answeredAt = deps.clock.now();
  const [open, mutes] = await Promise.all([deps.alerts.open(), deps.mutes.list(answeredAt)]);
  const here = new Set([ALL_CLUSTERS, ...namesOf(deps.clusters, question)]);
  const incidents = open.filter(({ cluster }) => here.has(cluster)).toSorted(worstFirst);
  const body = {
    kind: 'incidents' as const,
    incidents,
    mutes: mutes.filter(({ cluster }) => here.has(cluster)),
  };
  await deps.answers.save({ question, answeredAt, body });
  await deps.outbox.put({ kind: 'answer', id: question.id, version: question.version });
}

function namesOf(clusters: readonly Cluster[], { cluster, place }: Question): readonly string[] {
  return clusters
    .filter(
      ({ name, channels }) => channels.includes(place.channel) && (cluster === null || cluster === name),
    )
    .map(({ name }) => name);
}

function worstFirst(a: Incident, b: Incident): number {
  return ALERT_SEVERITIES.indexOf(a.severity) - ALERT_SEVERITIES.indexOf(b.severity) || a.since - b.since;
}
