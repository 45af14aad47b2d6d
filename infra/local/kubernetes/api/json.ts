import { apiVersionOf, KINDS, type Resource } from '../kinds.js';
import type { KubeObject } from '../objects/object.js';

// Objects are replaced and never changed, so the JSON of one stays true as long as it lives.
const known = new WeakMap<KubeObject, string>();

function bare(object: KubeObject): string {
  const text = known.get(object) ?? JSON.stringify(object);
  known.set(object, text);
  return text;
}

/** As when it is asked for by name, and as in a watch. */
export function fullJson(resource: Resource, object: KubeObject): string {
  const kind = KINDS[resource];
  return `{"kind":"${kind.kind}","apiVersion":"${apiVersionOf(kind)}",${bare(object).slice(1)}`;
}

/** Items name no kind, but those of custom resources do. */
export function listJson(resource: Resource, metadata: object, items: readonly KubeObject[]): string {
  const kind = KINDS[resource];
  const texts = items.map((item) => (kind.custom ? fullJson(resource, item) : bare(item)));
  const head = `"kind":"${kind.kind}List","apiVersion":"${apiVersionOf(kind)}"`;
  return `{${head},"metadata":${JSON.stringify(metadata)},"items":[${texts.join(',')}]}`;
}
