import type { Incident, Mute } from '../../domain/alerting/incident.js';
import { active } from '../../domain/alerting/signals.js';
import type { Verdict } from '../../domain/errors.js';
import { changeIncident, recordClick, steerable, type IncidentRequest } from './acknowledge.js';
import { muted, tooLong, type MuteDeps } from './muting.js';

export { muteAlerts, unmuteAlerts, type MuteQuestionDeps } from './mute-alerts.js';
export type { MuteDeps };

export interface MuteRequest extends IncidentRequest {
  /** Milliseconds. */
  readonly forMs: number;
  readonly reason: string;
}

/** Nothing more is told of what fires in this incident now, until a time; what else befalls the cluster is. */
export async function muteIncident(deps: MuteDeps, request: MuteRequest): Promise<Verdict<Incident>> {
  const { forMs, reason, actor } = request;
  const refusal = tooLong(forMs);
  if (refusal) return refusal;
  const found = await steerable(deps, request);
  if (!found.ok) return found;
  const at = deps.clock.now();
  const { cluster } = found.value;
  const mutes = active(found.value).map(({ rule }): Mute => ({
    cluster,
    rule,
    until: at + forMs,
    by: actor,
    reason,
    at,
  }));
  for (const mute of mutes) await deps.mutes.set(mute);
  const [first] = mutes;
  const changed = await changeIncident(deps, found.value, (incident) =>
    first ? muted(incident, first) : null,
  );
  if (changed.ok)
    await recordClick(deps, changed.value, { event: 'incident.muted', who: actor.userId, why: reason });
  return changed;
}
