import type { Actor } from '../domain/actor.js';
import { no, yes, type Verdict } from '../domain/errors.js';
import type { Limits } from '../domain/ports.js';

export interface LimitDeps {
  readonly limits: Limits;
  /** Commands a minute. */
  readonly commandLimits: { readonly perPersonPerMinute: number; readonly perClusterPerMinute: number };
}

const MINUTE_MS = 60_000;

/** Whether this person, and everybody together about this cluster, have not asked too often within the last minute. */
export async function allowedNow(
  { limits, commandLimits }: LimitDeps,
  actor: Actor,
  cluster: string | null,
): Promise<Verdict> {
  const { perPersonPerMinute, perClusterPerMinute } = commandLimits;
  const person = `person:${actor.teamId}:${actor.userId}`;
  if (!(await limits.take(person, perPersonPerMinute, MINUTE_MS)))
    return tooMany(`You have asked ${String(perPersonPerMinute)} times within a minute`);
  if (cluster !== null && !(await limits.take(`cluster:${cluster}`, perClusterPerMinute, MINUTE_MS)))
    return tooMany(`${cluster} has been asked about ${String(perClusterPerMinute)} times within a minute`);
  return yes(undefined);
}

function tooMany(what: string): Verdict<never> {
  return no(`${what}, which is the most that I answer.`, [
    'Wait a minute and ask again; buttons on cards still work.',
  ]);
}
