import type { Incident } from '../domain/alerting/incident.js';
import { chartDataOf } from '../domain/alerting/chart-data.js';
import type { ChartData } from '../domain/alerting/ports.js';
import type {
  AlertStore,
  AnswerStore,
  Clock,
  Ledger,
  NoticeStore,
  OperationStore,
  OutboxEntry,
  SampleStore,
  SeriesStore,
} from '../domain/ports.js';
import type { Catalogue } from '../engine/catalogue.js';
import type { Command } from './command.js';
import { presentAnswer, presentNotice, presentOperation, type Wanted } from './present.js';
import { picturedMarkers, presentIncident } from './present-incident.js';

export interface WantedDeps {
  readonly ledger: Ledger;
  readonly answers: AnswerStore;
  readonly operations: OperationStore;
  readonly notices: NoticeStore;
  readonly alerts: Pick<AlertStore, 'incident' | 'outlooks'>;
  /** What a picture is drawn of. */
  readonly series: Pick<SeriesStore, 'sizes'>;
  readonly samples: Pick<SampleStore, 'newest'>;
  readonly commands: Catalogue<Command>;
  readonly clock: Clock;
  /** Where emergency approvals are announced, and incidents go that another channel refused; null: none is configured. */
  readonly alertsChannel: string | null;
}

/** The messages that show the newest state of one thing; none: there is nothing to show. */
export async function wantedFor(deps: WantedDeps, { kind, id }: OutboxEntry): Promise<readonly Wanted[]> {
  if (kind === 'operation') {
    const operation = await deps.operations.load(id);
    const drawing = { now: deps.clock.now(), alertsChannel: deps.alertsChannel };
    return operation ? presentOperation(operation, drawing) : [];
  }
  if (kind === 'notice') {
    const notice = await deps.notices.load(id);
    return notice ? presentNotice(notice) : [];
  }
  if (kind === 'incident') {
    const incident = await deps.alerts.incident(id);
    if (!incident) return [];
    return presentIncident(incident, await chartFor(deps, incident), deps.alertsChannel);
  }
  const answer = await deps.answers.load(id);
  return answer ? presentAnswer(deps.commands, answer) : [];
}

/** Read only where a picture is still to be posted. */
async function chartFor(deps: WantedDeps, incident: Incident): Promise<ChartData | null> {
  const posted = await Promise.all(picturedMarkers(incident).map((marker) => deps.ledger.find(marker)));
  if (posted.every((one) => one !== null)) return null;
  const { cluster } = incident;
  const [sample, series, [outlook]] = await Promise.all([
    deps.samples.newest(cluster),
    deps.series.sizes(cluster),
    deps.alerts.outlooks([cluster]),
  ]);
  if (!sample) return null;
  return chartDataOf(sample, { series, trend: outlook?.trend ?? null, at: deps.clock.now() });
}
