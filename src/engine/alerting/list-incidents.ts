import { UNSURE } from '../../domain/alerting/circumstances.js';
import type { Incident } from '../../domain/alerting/incident.js';
import { ALERT_SEVERITIES } from '../../domain/alerting/rule.js';
import type { Question } from '../../domain/answer.js';
import type { Cluster } from '../../domain/cluster.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import type { AlertStore, AnswerStore, Clock, Mutes, Outbox } from '../../domain/ports.js';

export interface ListIncidentsDeps {
  readonly alerts: Pick<AlertStore, 'load'>;
  readonly mutes: Pick<Mutes, 'list'>;
  readonly clusters: readonly Cluster[];
  readonly answers: AnswerStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
}

/**
 * What fires on the clusters of the asking channel, worst first, what ended within the last minutes, and what is muted
 * there. By the clusters' own books: what was muted or kept quiet from its start fires all the same.
 */
export async function listIncidents(deps: ListIncidentsDeps, question: Question): Promise<void> {
  const answeredAt = deps.clock.now();
  const here = new Set([ALL_CLUSTERS, ...namesOf(deps.clusters, question)]);
  const [mutes, ...books] = await Promise.all([
    deps.mutes.list(answeredAt),
    ...[...here].map((name) => deps.alerts.load(name)),
  ]);
  const body = {
    kind: 'incidents' as const,
    incidents: books
      .flatMap(({ incidents }) => incidents)
      .filter(({ untold, quiet }) => untold !== true || quiet !== UNSURE)
      .toSorted(worstFirst),
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
