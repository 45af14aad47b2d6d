import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Ids } from '../domain/ports.js';

export const systemClock: Clock = {
  now: () => Date.now(),
  async pause(ms, signal) {
    try {
      await wait(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
  },
};

/** 96 random bits in hex: opaque, unguessable, fit for a button, a job id and a file name. */
export const randomIds: Ids = { next: () => randomBytes(12).toString('hex') };
