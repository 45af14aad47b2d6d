import type { Resource } from '../kinds.js';
import type { KubeObject } from '../objects/object.js';
import { parseFieldSelector } from './fields.js';
import { parseLabelSelector } from './labels.js';
import type { ApiRequest } from './request.js';

export interface Selection {
  resource: Resource;
  /** Namespace, name and both selectors. */
  test: (object: KubeObject) => boolean;
  /** All of the resource is selected, so nothing need be tested. */
  everything: boolean;
  /** With selectors, the server can't say how many are left after a page. */
  bySelector: boolean;
}

export function selectionOf({ query, target }: ApiRequest, resource: Resource): Selection {
  const fields = query.get('fieldSelector') ?? '';
  const labels = query.get('labelSelector') ?? '';
  const byFields = parseFieldSelector(fields, resource);
  const byLabels = parseLabelSelector(labels);
  const { namespace, name } = target ?? {};
  return {
    resource,
    everything: fields === '' && labels === '' && namespace === undefined && name === undefined,
    bySelector: fields !== '' || labels !== '',
    test: (object) => {
      const { metadata } = object;
      if (namespace !== undefined && metadata.namespace !== namespace) return false;
      if (name !== undefined && metadata.name !== name) return false;
      return byFields(object) && byLabels(metadata.labels ?? {});
    },
  };
}
