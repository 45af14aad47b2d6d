import { checkGroup } from './identifiers.js';
import type { Placed } from './names.js';
import { closest, effectivePolicy, kindLayers, kindsNamed, policyLayers, type Layers } from './policy.js';
import { KINDS, type PolicyEntry } from './policy-schema.js';
import { type Path, type Problems, showPath } from './problems.js';
import type { Settings } from './schema.js';

/** What is already known to be wrong is not counted, so that one bad id does not read as "nobody may approve". */
export function checkPolicies(problems: Problems, settings: Settings, clusters: readonly Placed[]): void {
  for (const { index, entry } of clusters) {
    checkPolicyIds(problems, ['clusters', index, 'policy'], entry.policy);
  }
  const policies = clusters.flatMap((placed) => {
    const layers = policyLayers(settings, placed);
    const all = [layers, ...kindsNamed(layers).map((kind) => kindLayers(layers, kind))];
    return all.map((one) => ({ layers: one, windows: placed.entry.windows !== undefined }));
  });
  const sound = policies.filter(({ layers }) => isSound(problems, layers));
  for (const policy of sound) checkPolicy(problems, policy);
}

function isSound(problems: Problems, layers: Layers): boolean {
  return !layers.some(({ path }) => problems.has(path, [...path, 'kinds']));
}

interface Checked {
  readonly layers: Layers;
  /** Whether the cluster has maintenance windows. */
  readonly windows: boolean;
}

/** An empty list never means "everybody", and a quorum that nobody can reach is a mistake. */
function checkPolicy(problems: Problems, { layers, windows }: Checked): void {
  const { approvers, approvals } = effectivePolicy(layers);
  const people = new Set(approvers.users).size;
  if (approvers.groups.length > 0) return;
  if (people === 0) {
    const { path } = closest(layers, ['approvers']);
    problems.add(path, 'nobody may approve; list users or groups, by their Slack ids');
    return;
  }
  if (approvals > people) addUnreachable(problems, layers, people);
  else checkOthers(problems, layers, people - 1);
  checkOutsideWindow(problems, { layers, windows });
}

function addUnreachable(problems: Problems, layers: Layers, people: number): void {
  const { key, path } = closest(layers, ['approvals', 'approvers']);
  const wanted = String(effectivePolicy(layers).approvals);
  const counts =
    key === 'approvals'
      ? `${wanted} approvals are needed, but only ${String(people)} may approve`
      : `only ${String(people)} may approve, but ${written(layers, 'approvals')} asks for ${wanted} approvals`;
  problems.add(path, `${counts}; list more approvers, or ask for fewer approvals`);
}

function written(layers: Layers, key: 'approvals' | 'outsideWindow'): string {
  return showPath(closest(layers, [key]).path);
}

/** Where all who propose are approvers too, one approver less is left for each proposal. */
function checkOthers(problems: Problems, layers: Layers, others: number): void {
  const { operators, approvers, approvals, selfApproval, emergency } = effectivePolicy(layers);
  const known = operators.groups.length === 0 && operators.users.length > 0;
  const within = known && operators.users.every((user) => approvers.users.includes(user));
  const alone = emergency.users.length > 0 || emergency.groups.length > 0;
  if (!within || selfApproval || alone || others >= approvals) return;
  const left =
    others === 0 ? 'nobody' : `only ${String(others)} of the ${String(approvals)} who must approve`;
  const { path } = closest(layers, ['approvers', 'approvals', 'operators', 'selfApproval']);
  problems.add(
    path,
    `nobody approves their own proposal, and ${left} would be left to approve what an operator proposes; list more approvers, or write selfApproval: true`,
  );
}

/**
 * Approvers that a closer place lists may leave out whom a farther one trusts with the hours: that matters only where
 * there are windows.
 */
function checkOutsideWindow(problems: Problems, { layers, windows }: Checked): void {
  const { approvers, outsideWindow } = effectivePolicy(layers);
  const strangers = [...outsideWindow.users.entries()].filter(([, user]) => !approvers.users.includes(user));
  const { key, path } = closest(layers, ['outsideWindow', 'approvers']);
  const advice = 'so can’t let it start outside a window; list them among the approvers';
  if (key === 'outsideWindow') {
    for (const [index] of strangers) problems.add([...path, 'users', index], `may not approve, ${advice}`);
  } else if (windows && strangers.length > 0) {
    problems.add(
      path,
      `leaves out people of ${written(layers, 'outsideWindow')}, who may not approve, ${advice}`,
    );
  }
}

/** Every policy that was written, also of environments that no cluster is in. */
export function checkPolicyIds(problems: Problems, path: Path, entry: PolicyEntry | undefined): void {
  if (entry === undefined) return;
  const { viewers } = entry;
  if (viewers !== undefined && viewers !== 'channel') checkGroup(problems, [...path, 'viewers'], viewers);
  for (const key of ['operators', 'approvers', 'outsideWindow', 'emergency'] as const) {
    const group = entry[key];
    if (group !== undefined) checkGroup(problems, [...path, key], group);
  }
  for (const kind of KINDS) checkPolicyIds(problems, [...path, 'kinds', kind], entry.kinds?.[kind]);
}
