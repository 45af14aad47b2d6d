import { no, yes, type Verdict } from '../domain/errors.js';
import type { Audit, Clock } from '../domain/ports.js';
import type { Cluster } from '../domain/cluster.js';
import { accessTo, authorise, authoriseAll, type AuthoriseDeps } from '../engine/authorise.js';
import { allowedNow, type LimitDeps } from '../engine/limits.js';
import type { Asking } from './asking.js';
import type { Command } from './command.js';
import type { About } from './scope.js';

export interface AdmitDeps extends AuthoriseDeps, LimitDeps {
  readonly clusters: readonly Cluster[];
  readonly audit: Audit;
  readonly clock: Clock;
}

export interface Wish {
  readonly verb: string;
  readonly command: Command;
  readonly about: About;
}

/** Whether this person may ask this, here and now. Refusals are counted like answers, and written down. */
export async function admitted(deps: AdmitDeps, asking: Asking, wish: Wish): Promise<Verdict> {
  const allowed = await authorised(deps, asking, wish);
  const cluster = wish.about.kind === 'one' ? wish.about.cluster.name : null;
  const often = await allowedNow(deps, asking.actor, allowed.ok ? cluster : null);
  if (!often.ok) return often;
  if (!allowed.ok) await recordRefusal(deps, asking, { wish, refused: allowed.reason });
  return allowed;
}

/** The same when a form comes back: it was counted when it was asked for. */
export async function admittedAgain(deps: AdmitDeps, asking: Asking, wish: Wish): Promise<Verdict> {
  const allowed = await authorised(deps, asking, wish);
  if (!allowed.ok) await recordRefusal(deps, asking, { wish, refused: allowed.reason });
  return allowed;
}

async function authorised(deps: AdmitDeps, { actor, place }: Asking, wish: Wish): Promise<Verdict> {
  const { command, about, verb } = wish;
  const asked = { actor, channel: place.channel, right: command.right };
  if (about.kind === 'channel') return allowedHere(deps, asked);
  const allowed =
    about.kind === 'all'
      ? await authoriseAll(deps, deps.clusters, asked)
      : await authorise(deps, accessTo(about.cluster, { ...asked, runbook: verb }));
  return allowed.ok ? yes(undefined) : allowed;
}

type Wanted = Parameters<typeof authoriseAll>[2];

/** What is about no single cluster is allowed to whoever may look at one of this channel's. */
async function allowedHere(deps: AdmitDeps, asked: Wanted): Promise<Verdict> {
  const here = deps.clusters.filter(({ channels }) => channels.some((channel) => channel === asked.channel));
  let refusal = no('This channel has no cluster.', ['Ask in a channel that one is configured for.']);
  for (const cluster of here) {
    const allowed = await authorise(deps, accessTo(cluster, asked));
    if (allowed.ok) return yes(undefined);
    refusal = allowed;
  }
  return refusal;
}

interface Refused {
  readonly wish: Wish;
  readonly refused: string;
}

async function recordRefusal(
  { audit, clock }: AdmitDeps,
  { actor }: Asking,
  { wish: { verb, about }, refused }: Refused,
): Promise<void> {
  const cluster = about.kind === 'one' ? about.cluster.name : undefined;
  const detail = { verb, refused };
  await audit.record({ at: clock.now(), event: 'command.refused', who: actor.userId, cluster, detail });
}
