import type { Incident } from '../../domain/alerting/incident.js';
import type { Audit, Outbox } from '../../domain/ports.js';
import { orLater } from '../later.js';

export interface AnnounceDeps {
  readonly outbox: Outbox;
  readonly audit: Audit;
}

const RECORDED = new Set(['opened', 'reopened', 'worse', 'escalated', 'resolved']);

/** Shows what has changed. The rows stand in the outbox since the swap: what fails here is done by its sweep. */
export async function show(
  { outbox }: Pick<AnnounceDeps, 'outbox'>,
  incidents: readonly Incident[],
): Promise<void> {
  for (const { id, version, worst } of incidents) {
    await orLater(outbox.put({ kind: 'incident', id, version }));
    if (worst === 'critical') await orLater(outbox.put({ kind: 'page', id, version }));
  }
}

/** Shows it, and writes down what the monitor itself has said since then. */
export async function announce(
  deps: AnnounceDeps,
  incidents: readonly Incident[],
  since: number,
): Promise<void> {
  await show(deps, incidents);
  for (const incident of incidents)
    for (const { at, kind, text } of incident.events)
      if (at >= since && RECORDED.has(kind)) await deps.audit.record(entry(incident, { at, kind, text }));
}

type Said = Pick<Incident['events'][number], 'at' | 'kind' | 'text'>;

function entry({ id, cluster, severity, signals }: Incident, { at, kind, text }: Said) {
  const rules = signals.map(({ rule }) => rule);
  return { at, event: `incident.${kind}`, cluster, detail: { incident: id, severity, rules, text } };
}
