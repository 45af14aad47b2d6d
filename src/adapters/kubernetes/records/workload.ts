import type { WorkloadRecord } from '../../../domain/kubernetes/records.js';
import { at, count, list, text, words } from '../json.js';
import { refOf } from './meta.js';

/** What may be a secret is nothing for a record that is stored and shown; `…_KEY_FILE` is a path. */
const SECRET_NAME = /PASS|SECRET|TOKEN|CREDENTIAL|AUTH(?!ORITY)|KEY$/i;

export function workloadOf(kind: WorkloadRecord['kind']): (item: unknown) => WorkloadRecord | null {
  return (item) => {
    const ref = refOf(item);
    if (!ref) return null;
    const status = at(item, 'status');
    const container = list(at(item, 'spec', 'template', 'spec', 'containers'))[0];
    const [desired, ready] =
      kind === 'DaemonSet'
        ? [at(status, 'desiredNumberScheduled'), at(status, 'numberReady')]
        : // One is what the API server itself writes down where nobody says.
          [at(item, 'spec', 'replicas') ?? 1, at(status, 'readyReplicas')];
    return {
      ...ref,
      kind,
      desired: count(desired) ?? 0,
      ready: count(ready) ?? 0,
      image: text(at(container, 'image')) ?? '',
      env: plainEnv(container),
    };
  };
}

/** Plain values of a container's environment, without those that sound like secrets. */
export function plainEnv(container: unknown): Readonly<Record<string, string>> {
  const entries = list(at(container, 'env')).flatMap((one) => {
    const name = text(at(one, 'name'));
    const value = words(at(one, 'value'));
    return name === null || value === null || SECRET_NAME.test(name) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}
