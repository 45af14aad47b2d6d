import { ALERT_SEVERITIES, worseThan, type AlertSeverity } from './rule.js';

/** What has begun to fire ends below this share of the limit. */
export const EASE = 0.8;

/** The limits of a rule's severities; it fires above them. */
export type Limits = Readonly<Partial<Record<AlertSeverity, number>>>;

/** The worst severity whose limit the value passes; a limit that fires already is lower (hysteresis). Null: none. */
export function levelOf(value: number, limits: Limits, firing: AlertSeverity | null): AlertSeverity | null {
  const passed = ALERT_SEVERITIES.find((severity) => {
    const limit = limits[severity];
    return limit !== undefined && value > (holds(severity, firing) ? limit * EASE : limit);
  });
  return passed ?? null;
}

function holds(severity: AlertSeverity, firing: AlertSeverity | null): boolean {
  return firing !== null && !worseThan(severity, firing);
}
