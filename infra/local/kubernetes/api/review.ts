import type { Identity } from '../identities.js';

interface Attributes {
  verb?: string;
  group?: string;
  resource?: string;
  subresource?: string;
}

/** "May I?": answered by the same rules that later allow or refuse. */
export function review(body: Record<string, unknown>, identity: Identity): object {
  const spec = (body['spec'] ?? {}) as {
    resourceAttributes?: Attributes;
    nonResourceAttributes?: { path?: string; verb?: string };
  };
  const { verb = '', group = '', resource = '', subresource } = spec.resourceAttributes ?? {};
  const path = spec.nonResourceAttributes;
  const allowed = path
    ? identity.mayI({ verb: path.verb ?? '', group: '', resource: path.path ?? '' })
    : identity.mayI({ verb, group, resource: subresource ? `${resource}/${subresource}` : resource });
  const apiVersion = 'authorization.k8s.io/v1';
  return { kind: 'SelfSubjectAccessReview', apiVersion, metadata: {}, spec, status: { allowed } };
}
