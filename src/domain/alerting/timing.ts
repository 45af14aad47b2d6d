import type { Circumstances } from './circumstances.js';
import type { Incident } from './incident.js';

const LOUD = new Set(['opened', 'reopened', 'worse', 'reminder', 'unmuted']);

/** When it was said aloud last, so that nobody is reminded of what has just been said. */
function saidAt({ events, openedAt }: Incident): number {
  return events.findLast(({ kind }) => LOUD.has(kind))?.at ?? openedAt;
}

/** The pauses double, from the first to the longest. What somebody looks after is recalled rarely, and only if critical. */
export function reminderDue(incident: Incident, { now, settings: { reminders } }: Circumstances): boolean {
  const { severity, acknowledged, remindedAt } = incident;
  if (severity === 'info' || (acknowledged && severity !== 'critical')) return false;
  const pause = acknowledged
    ? reminders.mostMs
    : Math.min(reminders.mostMs, reminders.firstMs * 2 ** Math.min(30, remindedAt.length));
  return now - Math.max(saidAt(incident), acknowledged?.at ?? 0) >= pause;
}

/** Once for each time that it became critical. */
export function escalationDue(incident: Incident, { now, settings: { escalation } }: Circumstances): boolean {
  if (!escalation || incident.severity !== 'critical' || incident.acknowledged) return false;
  if (incident.escalatedAt !== undefined) return false;
  const critical = incident.events.findLast(({ kind }) => ['opened', 'reopened', 'worse'].includes(kind));
  return now - (critical?.at ?? incident.openedAt) >= escalation.afterMs;
}
