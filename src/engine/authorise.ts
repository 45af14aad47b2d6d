import type { Actor, Group, Person, Policy, Right } from '../domain/actor.js';
import type { Cluster } from '../domain/cluster.js';
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
  /** Where it was asked; null in a place that is no channel. */
  readonly channel: string | null;
}

/** A request about one cluster; an operation brings the policy that was frozen into it. */
export function accessTo(cluster: Cluster, asked: Asked): AccessRequest {
  const { name, channels, policy } = cluster;
  return { policy, ...asked, cluster: name, clusterChannels: channels };
}

type Asked = Pick<AccessRequest, 'actor' | 'right' | 'channel'> & Partial<Pick<AccessRequest, 'policy'>>;

/** How the right was given: by name, or through a user group. */
export interface Granted {
  readonly viaGroup?: string;
}

/**
 * The one decision for every path: command, button and modal. Deny by default; a refusal names the rule. What Slack
 * does not answer is a no.
 */
export async function authorise(deps: AuthoriseDeps, request: AccessRequest): Promise<Verdict<Granted>> {
  if (request.channel === null || !request.clusterChannels.includes(request.channel))
    return elsewhere(request);
  try {
    const person = await deps.directory.person(request.actor.userId);
    return notAllowed(deps.teamId, request, person) ?? (await granted(deps.directory, request));
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return no(`Slack could not say who you are (${error.message}), so this is refused.`, [
      'Try again in a moment.',
    ]);
  }
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
    return no('Guests may look, but not propose or review.');
  return null;
}

async function granted(directory: Directory, request: AccessRequest): Promise<Verdict<Granted>> {
  const { policy, right, actor, cluster } = request;
  if (right === 'propose')
    return (
      (await within(directory, policy.operators, actor)) ?? denied(cluster, 'operators', 'propose changes')
    );
  if (right === 'review')
    return (
      (await within(directory, policy.approvers, actor)) ??
      denied(cluster, 'approvers', 'approve, deny or stop operations')
    );
  return (await mayRead(directory, request)) ?? denied(cluster, 'viewers', 'look at it');
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

function denied(cluster: string, group: string, what: string): Refusal {
  return no(`You are not among the ${group} of ${cluster}, who may ${what}.`, [
    `Ask one of them, or have yourself added to \`policy.${group}\` in the configuration.`,
  ]);
}
