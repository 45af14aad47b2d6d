import type { ActionsBlock } from '@slack/types';
import type { Incident } from '../../domain/alerting/incident.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import { actions, button } from './parts.js';

/** Every button carries the incident's id and nothing else. */
export function incidentButtons(incident: Incident): ActionsBlock {
  const { id, cluster, state, acknowledged } = incident;
  const runbook = runbookOf(incident);
  const fires = state === 'firing';
  const one = (action: string, text: string) => [button({ action: `incident.${action}`, text, value: id })];
  return actions(
    ...(cluster === ALL_CLUSTERS ? [] : one('diagnose', 'Diagnose')),
    ...(runbook === null
      ? []
      : [
          button({
            action: 'incident.fix',
            text: `Propose ${runbook}`,
            value: id,
            style: 'primary',
          }),
        ]),
    ...(fires && !acknowledged ? one('acknowledge', 'Acknowledge') : []),
    ...(fires ? one('mute', 'Mute') : []),
    ...one('details', 'Details'),
  );
}

/** The runbook of the worst signal that fires and has one; null: there is nothing to propose. */
export function runbookOf({ state, cluster, signals }: Incident): string | null {
  if (state !== 'firing' || cluster === ALL_CLUSTERS) return null;
  return signals.find(({ cleared, runbook }) => cleared === undefined && runbook !== null)?.runbook ?? null;
}
