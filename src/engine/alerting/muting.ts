import { withEvent } from '../../domain/alerting/apply.js';
import type { Incident, Mute } from '../../domain/alerting/incident.js';
import { no, type Verdict } from '../../domain/errors.js';
import type { Mutes } from '../../domain/ports.js';
import { bare } from '../../domain/sentence.js';
import { duration } from '../../domain/units.js';
import type { IncidentDeps } from './acknowledge.js';

export interface MuteDeps extends IncidentDeps {
  readonly mutes: Mutes;
}

const LONGEST_MS = 30 * 86_400_000;

/** Null: it is a time for which something may be muted. */
export function tooLong(forMs: number | null): Verdict<never> | null {
  const instead = ['Say it as `--for 2h`, `--for 45m` or `--for 3d`.'];
  if (forMs === null || forMs <= 0) return no('That is no span of time.', instead);
  return forMs > LONGEST_MS ? no('The longest mute is 30 days.', instead) : null;
}

export function muted(incident: Incident, mute: Mute): Incident {
  const next: Incident = { ...incident, mute };
  if (incident.untold) return next;
  const why = bare(mute.reason) === '' ? '' : `: ${bare(mute.reason)}`;
  const text = `Muted for ${duration(mute.until - mute.at)}${why}.`;
  return withEvent(next, { kind: 'muted', at: mute.at, text, by: mute.by });
}
