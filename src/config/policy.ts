import type { Policy } from '../domain/actor.js';
import type { Cluster } from '../domain/cluster.js';
import type { Placed } from './names.js';
import type { Path } from './problems.js';
import { type Kind, KINDS, type PolicyEntry } from './policy-schema.js';
import type { Settings } from './schema.js';

/** Where a part of the policy was written. */
export interface Layer {
  readonly path: Path;
  readonly entry: PolicyEntry;
}

/** From the weakest to the strongest. */
export type Layers = readonly Layer[];

type Key = Exclude<keyof PolicyEntry, 'kinds'>;

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
  outsideWindow: { users: [], groups: [] },
  emergency: { users: [], groups: [] },
};

/** The policy of all kinds of change, and those of the kinds for which something else is said anywhere. */
export function policiesOf(settings: Settings, placed: Placed): Pick<Cluster, 'policy' | 'policies'> {
  const layers = policyLayers(settings, placed);
  const ofKind = (kind: Kind) => [kind, effectivePolicy(kindLayers(layers, kind))] as const;
  return { policy: effectivePolicy(layers), policies: Object.fromEntries(kindsNamed(layers).map(ofKind)) };
}

/** A closer place is stronger. */
export function policyLayers(settings: Settings, { index, entry }: Placed): Layers {
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

/** Within one place what is said of the kind beats what is said of all kinds. */
export function kindLayers(layers: Layers, kind: Kind): Layers {
  return layers.flatMap((layer) => [
    layer,
    { path: [...layer.path, 'kinds', kind], entry: layer.entry.kinds?.[kind] ?? {} },
  ]);
}

export function kindsNamed(layers: Layers): readonly Kind[] {
  return KINDS.filter((kind) => layers.some(({ entry }) => entry.kinds?.[kind] !== undefined));
}

/** A stronger layer replaces a key whole: a cluster's approvers are exactly those that it lists. */
export function effectivePolicy(layers: Layers): Policy {
  return {
    viewers: strongest(layers, 'viewers'),
    operators: strongest(layers, 'operators'),
    approvers: strongest(layers, 'approvers'),
    approvals: strongest(layers, 'approvals'),
    selfApproval: strongest(layers, 'selfApproval'),
    approveWithinMs: strongest(layers, 'approveWithin'),
    startWithinMs: strongest(layers, 'startWithin'),
    outsideWindow: strongest(layers, 'outsideWindow'),
    emergency: strongest(layers, 'emergency'),
  };
}

function strongest<K extends Key>(layers: Layers, key: K): Whole[K] {
  const given = layers.findLast((layer) => layer.entry[key] !== undefined)?.entry[key];
  return given === undefined ? DEFAULTS[key] : (given as Whole[K]);
}

/** Which of these keys was written in the strongest place, the first of them where several were; and where. */
export function closest<K extends Key>(layers: Layers, keys: readonly [K, ...K[]]): { key: K; path: Path } {
  const layer = layers.findLast(({ entry }) => keys.some((key) => entry[key] !== undefined));
  const key = keys.find((candidate) => layer?.entry[candidate] !== undefined) ?? keys[0];
  return { key, path: [...(layer?.path ?? ['policy']), key] };
}
