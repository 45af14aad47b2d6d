import type { KubernetesSettings } from '../cluster.js';
import type { PlannedStep } from '../plan.js';
import type { ObjectRef } from '../kubernetes/records.js';

export type Restart = Extract<PlannedStep, { kind: 'restart-pods' }>;

/** What a person types instead of a batch of restarts, a line for each namespace. */
export function restartLines(
  { pods }: Pick<Restart, 'pods'>,
  settings: KubernetesSettings | null,
): readonly string[] {
  const namespaces = [...new Set(pods.map(({ namespace }) => namespace))];
  return namespaces.map((namespace) => {
    const names = pods.filter((pod) => pod.namespace === namespace).map(({ name }) => quoted(name));
    const words = [`--namespace=${quoted(namespace)}`, 'delete', 'pod', '--wait=false', ...names];
    return [...kubectl(settings), ...words].join(' ');
  });
}

/** Which pods hang, with their events: what to look at before any of them is deleted. */
export function lookLines(
  pods: readonly ObjectRef[],
  settings: KubernetesSettings | null,
): readonly string[] {
  if (pods.length === 0) return [];
  const all = [...kubectl(settings), 'get', 'pods', '--all-namespaces'];
  return [
    `${[...all, '--field-selector=status.phase=Pending', '--output=wide'].join(' ')}  # delete only those that still hang`,
  ];
}

function kubectl(settings: KubernetesSettings | null): readonly string[] {
  const { kubeconfig = null, context = null } = settings ?? {};
  return [
    'kubectl',
    ...(kubeconfig === null ? [] : [`--kubeconfig=${quoted(kubeconfig)}`]),
    ...(context === null ? [] : [`--context=${quoted(context)}`]),
  ];
}

/** For a shell: what is no plain word is put in quotes. */
function quoted(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
