import type { Actor, Group, Person, Policy, Right } from '../domain/actor.js';
import { policyFor, type Cluster } from '../domain/cluster.js';
import { no, TargetError, yes, type Refusal, type Verdict } from '../domain/errors.js';
import type { Directory } from '../domain/ports.js';

export interface AuthoriseDeps {
  readonly directory: Directory;
  /** The workspace that the bot itself belongs to. */
  readonly teamId: string;
}

export interface AccessRequest {
  readonly actor: Actor;
  readonly right: Right;
  readonly policy: Policy;
  /** What it is about, for the sentence of a refusal: a cluster's name. */
  readonly cluster: string;
  readonly clusterChannels: readonly string[];
  /** Where it was asked; null: in App Home, which counts as the cluster's first channel for a member of it. */
  readonly channel: string | null;
}

/**
 * A request about one cluster, by the policy of this kind of change (`runbook`) where one is meant; an operation brings
 * the policy that was frozen into it.
 */
export function accessTo(cluster: Cluster, { runbook, ...asked }: Asked): AccessRequest {
  const { name, channels } = cluster;
  const policy = runbook === undefined ? cluster.policy : policyFor(cluster, runbook);
  return { policy, ...asked, cluster: name, clusterChannels: channels };
}

type Asked = Pick<AccessRequest, 'actor' | 'right' | 'channel'> &
  Partial<Pick<AccessRequest, 'policy'>> & { readonly runbook?: string };

/** How the right was given: by name, or through a user group. */
export interface Granted {
  readonly viaGroup?: string;
}

/**
 * The one decision for every path: command, button, modal and App Home. Deny by default; a refusal names the rule. What Slack
 * does not answer is a no.
 */
export async function authorise(deps: AuthoriseDeps, request: AccessRequest): Promise<Verdict<Granted>> {
  const place = request.channel ?? request.clusterChannels[0];
  if (place === undefined || !request.clusterChannels.includes(place)) return elsewhere(request);
  try {
    const [person, shared] = await Promise.all([
      deps.directory.person(request.actor.userId),
      deps.directory.isShared(place),
    ]);
    if (shared) return sharedChannel();
    const refusal = notAllowed(deps.teamId, request, person) ?? (await outside(deps, request, place));
    return refusal ?? (await granted(deps.directory, request));
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    const reason = `Slack could not say who you are (${error.message}), so this is refused.`;
    return { ...no(reason, ['Try again in a moment.']), passes: true };
  }
}

/** In a channel Slack itself lets only its members speak; App Home is open to everybody. */
async function outside(
  { directory }: AuthoriseDeps,
  { actor, channel, cluster }: AccessRequest,
  home: string,
): Promise<Refusal | null> {
  if (channel !== null || (await directory.isMember(home, actor.userId))) return null;
  return no(`You are not a member of <#${home}>, where ${cluster} is handled.`, [
    `Join <#${home}>, or ask in another channel of ${cluster}.`,
  ]);
}

/** The same right on every cluster there is, asked in a channel that belongs to one of them. */
export async function authoriseAll(
  deps: AuthoriseDeps,
  clusters: readonly Cluster[],
  { actor, channel, right }: Pick<AccessRequest, 'actor' | 'channel' | 'right'>,
): Promise<Verdict<Granted>> {
  if (!clusters.some((cluster) => channel !== null && cluster.channels.includes(channel)))
    return no('This channel has no cluster.', ['Ask in a channel that one is configured for.']);
  for (const cluster of clusters) {
    // Whom a cluster lets in is asked of each; where it is asked was settled above.
    const allowed = await authorise(deps, {
      ...accessTo(cluster, { actor, right, channel }),
      clusterChannels: channel === null ? [] : [channel],
    });
    if (!allowed.ok) return allowed;
  }
  return yes({});
}

function sharedChannel(): Refusal {
  return no('This channel is shared with another organisation, so nothing is told or done here.', [
    'Ask in a channel of this workspace alone, and name that one in the configuration.',
  ]);
}

function elsewhere(request: AccessRequest): Refusal {
  const places = request.clusterChannels.map((channel) => `<#${channel}>`).join(', ');
  return no(`${request.cluster} is not handled in this channel.`, [
    `Ask in ${places || 'one of its channels'}.`,
  ]);
}

/** What Slack does not say of a person (undefined) is not held against them; their team always is. */
function notAllowed(teamId: string, request: AccessRequest, person: Person): Refusal | null {
  const foreign =
    request.actor.teamId !== teamId || (person.teamId !== undefined && person.teamId !== teamId);
  if (foreign || person.stranger === true) return no('Only members of this workspace may use this bot.');
  if (person.deleted === true) return no('This account is deactivated.');
  if (person.bot === true) return no('Bots and workflows may not use this bot.');
  if (person.guest === true && request.right !== 'read')
    return no('Guests may look, but not propose, review or steer.');
  return null;
}

/** Whose members have the right, the key of the policy first; and what the right is, for the sentence of a refusal. */
const RULES: Readonly<
  Record<Exclude<Right, 'read'>, { readonly groups: readonly PolicyGroup[]; readonly what: string }>
> = {
  propose: { groups: ['operators'], what: 'propose changes' },
  review: { groups: ['approvers'], what: 'approve, deny or stop operations' },
  steer: { groups: ['operators', 'approvers'], what: 'pause and resume changes' },
  'outside-window': { groups: ['outsideWindow'], what: 'let a change start outside the maintenance windows' },
  emergency: { groups: ['emergency'], what: 'approve alone in an emergency' },
};

type PolicyGroup = 'operators' | 'approvers' | 'outsideWindow' | 'emergency';

async function granted(directory: Directory, request: AccessRequest): Promise<Verdict<Granted>> {
  const { policy, right, actor, cluster } = request;
  if (right === 'read')
    return (await mayRead(directory, request)) ?? denied(cluster, ['viewers'], 'look at it');
  const { groups, what } = RULES[right];
  for (const name of groups) {
    const found = await within(directory, policy[name], actor);
    if (found) return found;
  }
  return denied(cluster, groups, what);
}

async function mayRead(directory: Directory, request: AccessRequest): Promise<Verdict<Granted> | null> {
  const { policy, actor } = request;
  if (policy.viewers === 'channel') {
    for (const channel of request.clusterChannels) {
      if (await directory.isMember(channel, actor.userId)) return yes({});
    }
  } else {
    const viewer = await within(directory, policy.viewers, actor);
    if (viewer) return viewer;
  }
  return (await within(directory, policy.operators, actor)) ?? within(directory, policy.approvers, actor);
}

async function within(directory: Directory, group: Group, actor: Actor): Promise<Verdict<Granted> | null> {
  if (group.users.includes(actor.userId)) return yes({});
  for (const id of group.groups) {
    if ((await directory.groupMembers(id)).includes(actor.userId)) return yes({ viaGroup: id });
  }
  return null;
}

function denied(cluster: string, groups: readonly (PolicyGroup | 'viewers')[], what: string): Refusal {
  const keys = groups.map((name) => `\`policy.${name}\``).join(' or ');
  const named = groups.every((name) => PLAIN.has(name));
  const who = named ? `${groups.join(' or ')} of ${cluster}` : `people whom ${keys} names for ${cluster}`;
  return no(`You are not among the ${who}, who may ${what}.`, [
    `Ask one of them, or have yourself added to ${keys} in the configuration.`,
  ]);
}

/** What these are called is what people call themselves. */
const PLAIN: ReadonlySet<string> = new Set(['viewers', 'operators', 'approvers']);
