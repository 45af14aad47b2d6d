import type { MaintenanceWindow } from '../domain/window.js';
import type { ClusterEntry, WindowEntry } from './cluster-schema.js';
import type { Path, Problems } from './problems.js';

const DAY_MINUTES = 1440;
const LEAST_MINUTES = 15;

export function checkWindows(problems: Problems, path: Path, entry: ClusterEntry): void {
  for (const [index, window] of (entry.windows ?? []).entries()) {
    checkDays(problems, [...path, 'windows', index, 'days'], window);
    checkHours(problems, [...path, 'windows', index, 'to'], window);
  }
}

function checkDays(problems: Problems, path: Path, { days }: WindowEntry): void {
  for (const [index, day] of days.entries()) {
    if (days.indexOf(day) < index) problems.add([...path, index], 'is listed already; take it out');
  }
}

/** Nobody means a window of no length, nor one of a few minutes in which no approval could be given. */
function checkHours(problems: Problems, path: Path, { from, to }: WindowEntry): void {
  const minutes = (to - from + DAY_MINUTES) % DAY_MINUTES;
  if (from === to) {
    const advice = 'for a whole day write "00:00" to "24:00", for always leave windows out';
    problems.add(path, `is the same as from; ${advice}`);
  } else if (minutes > 0 && minutes < LEAST_MINUTES) {
    const found = `is only ${String(minutes)} ${minutes === 1 ? 'minute' : 'minutes'} after from`;
    problems.add(path, `${found}; make the window at least ${String(LEAST_MINUTES)} minutes long`);
  }
}

export function windowsOf({ windows = [] }: ClusterEntry): readonly MaintenanceWindow[] {
  return windows.map(({ days, from, to, zone }) => ({ days, fromMinute: from, toMinute: to, zone }));
}
