import { systemClock } from '../../src/adapters/system.js';
import type { Clock } from '../../src/domain/ports.js';

export interface HurriedClock {
  readonly clock: Clock;
  /** How far it is ahead of the real time, milliseconds. */
  waited(): number;
  /** From now on it goes so many times as fast. */
  hurry(times: number): void;
}

/** The time at first; later faster, so that patience of minutes ends in seconds. */
export function makeHurriedClock(): HurriedClock {
  let [ahead, since, pace] = [0, Date.now(), 1];
  const waited = (): number => Math.round(ahead + (Date.now() - since) * (pace - 1));
  return {
    waited,
    clock: {
      now: () => Date.now() + waited(),
      pause: (ms, signal) => systemClock.pause(ms / pace, signal),
    },
    hurry(times) {
      [ahead, since, pace] = [waited(), Date.now(), times];
    },
  };
}
