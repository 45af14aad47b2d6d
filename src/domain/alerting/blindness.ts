import { names } from '../readings.js';
import type { AlertSeverity, Reading } from './rule.js';

/** What the monitor could read of all its clusters within one interval. */
export interface Sight {
  /** How many are watched. */
  readonly clusters: number;
  /** Names of those that turned unreadable within one interval, and still are. */
  readonly unreadable: readonly string[];
  /** How the incident fires now. */
  readonly firing: AlertSeverity | null;
}

/** `share` of one, and at least `least` clusters. */
export interface SightLimits {
  readonly share: number;
  readonly least: number;
}

const SHOWN = 10;

/**
 * Many clusters do not fail in one moment: it is the monitor that does not see. It sees again when no more than half as
 * many as it takes to be blind are still dark.
 */
export function blindness({ clusters, unreadable, firing }: Sight, limits: SightLimits): Reading {
  if (clusters === 0) return { state: 'unknown', reason: 'no cluster is watched' };
  const most = Math.max(limits.least, Math.floor(limits.share * clusters) + 1);
  const needed = firing === null ? most : Math.floor(most / 2) + 1;
  const dark = unreadable.length;
  if (dark < needed)
    return { state: 'clear', because: `${clusters - dark} of ${clusters} clusters can be read` };
  return {
    state: 'firing',
    severity: 'critical',
    summary: `I am blind: ${dark} of ${clusters} clusters cannot be read since about the same moment`,
    evidence: [
      `Not read: ${listOf(unreadable)}`,
      'Alerts about members that I cannot reach are held meanwhile',
    ],
  };
}

function listOf(clusters: readonly string[]): string {
  const more = clusters.length - SHOWN;
  return more > 0 ? names([...clusters.slice(0, SHOWN), `${more} more`]) : names(clusters);
}
