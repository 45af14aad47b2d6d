import type { Policy } from '../domain/actor.js';
import { checkGroup } from './identifiers.js';
import type { Placed } from './names.js';
import type { Path, Problems } from './problems.js';
import type { ClusterEntry, PolicyEntry, Settings } from './schema.js';

/** Where a part of the policy was written, from the weakest to the strongest. */
interface Layer {
  readonly path: Path;
  readonly entry: PolicyEntry;
}

type Key = keyof PolicyEntry;

type Whole = { readonly [K in Key]-?: Exclude<PolicyEntry[K], undefined> };

const DEFAULTS: Whole = {
  viewers: 'channel',
  operators: { users: [], groups: [] },
  /** Nobody: every cluster's policy must name someone, or the configuration is refused. */
  approvers: { users: [], groups: [] },
  approvals: 1,
  selfApproval: false,
  approveWithin: 1_800_000,
  startWithin: 600_000,
};

export function policyLayers(settings: Settings, index: number, entry: ClusterEntry): readonly Layer[] {
  const environment = entry.environment ?? '';
  const shared = Object.hasOwn(settings.environments, environment)
    ? settings.environments[environment]
    : undefined;
  return [
    { path: ['policy'], entry: settings.policy },
    { path: ['environments', environment, 'policy'], entry: shared?.policy ?? {} },
    { path: ['clusters', index, 'policy'], entry: entry.policy ?? {} },
  ];
}

/** A stronger layer replaces a key whole: a cluster's approvers are exactly those that it lists. */
export function effectivePolicy(layers: readonly Layer[]): Policy {
  return {
    viewers: strongest(layers, 'viewers'),
    operators: strongest(layers, 'operators'),
    approvers: strongest(layers, 'approvers'),
    approvals: strongest(layers, 'approvals'),
    selfApproval: strongest(layers, 'selfApproval'),
    approveWithinMs: strongest(layers, 'approveWithin'),
    startWithinMs: strongest(layers, 'startWithin'),
  };
}

function strongest<K extends Key>(layers: readonly Layer[], key: K): Whole[K] {
  const given = layers.findLast((layer) => layer.entry[key] !== undefined)?.entry[key];
  return given === undefined ? DEFAULTS[key] : (given as Whole[K]);
}

function origin(layers: readonly Layer[], key: Key): Path {
  const layer = layers.findLast((candidate) => candidate.entry[key] !== undefined);
  return [...(layer?.path ?? ['policy']), key];
}

/** What is already known to be wrong is not counted, so that one bad id does not read as "nobody may approve". */
export function checkPolicies(problems: Problems, settings: Settings, clusters: readonly Placed[]): void {
  for (const { index, entry } of clusters) {
    checkPolicyIds(problems, ['clusters', index, 'policy'], entry.policy);
  }
  const policies = clusters.map(({ index, entry }) => policyLayers(settings, index, entry));
  const sound = policies.filter((layers) => !layers.some((layer) => problems.has(layer.path)));
  for (const layers of sound) checkPolicy(problems, layers);
}

/** An empty list never means "everybody", and a quorum that nobody can reach is a mistake. */
function checkPolicy(problems: Problems, layers: readonly Layer[]): void {
  const { approvers, approvals } = effectivePolicy(layers);
  const people = new Set(approvers.users).size;
  if (approvers.groups.length > 0) return;
  if (people === 0) {
    problems.add(origin(layers, 'approvers'), 'nobody may approve; list users or groups, by their Slack ids');
  } else if (approvals > people) {
    const counts = `${String(approvals)} approvals are needed, but only ${String(people)} may approve`;
    problems.add(origin(layers, 'approvals'), `${counts}; list more approvers, or ask for fewer approvals`);
  }
}

/** Every policy that was written, also of environments that no cluster is in. */
export function checkPolicyIds(problems: Problems, path: Path, entry: PolicyEntry | undefined): void {
  if (entry === undefined) return;
  const { viewers, operators, approvers } = entry;
  if (viewers !== undefined && viewers !== 'channel') checkGroup(problems, [...path, 'viewers'], viewers);
  if (operators !== undefined) checkGroup(problems, [...path, 'operators'], operators);
  if (approvers !== undefined) checkGroup(problems, [...path, 'approvers'], approvers);
}
