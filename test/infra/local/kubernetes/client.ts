import * as k8s from '@kubernetes/client-node';
import type { KubernetesIdentity } from '../../../../infra/local/kubernetes/index.js';

export interface Clients {
  config: k8s.KubeConfig;
  core: k8s.CoreV1Api;
  apps: k8s.AppsV1Api;
  batch: k8s.BatchV1Api;
  policy: k8s.PolicyV1Api;
  review: k8s.AuthorizationV1Api;
  custom: k8s.CustomObjectsApi;
  version: k8s.VersionApi;
}

/** Kubernetes' own client, as the product uses it. */
export function clientsOf(identity: KubernetesIdentity): Clients {
  const config = new k8s.KubeConfig();
  config.loadFromString(identity.kubeconfig());
  return {
    config,
    core: config.makeApiClient(k8s.CoreV1Api),
    apps: config.makeApiClient(k8s.AppsV1Api),
    batch: config.makeApiClient(k8s.BatchV1Api),
    policy: config.makeApiClient(k8s.PolicyV1Api),
    review: config.makeApiClient(k8s.AuthorizationV1Api),
    custom: config.makeApiClient(k8s.CustomObjectsApi),
    version: config.makeApiClient(k8s.VersionApi),
  };
}

export interface Refusal {
  code: number;
  /** Parsed where it is JSON. */
  body: unknown;
  headers: Record<string, string>;
}

/** What the API server said no with. */
export async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await work.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof k8s.ApiException)) throw error;
  const { code, headers } = error;
  const body: unknown = error.body;
  return { code, headers, body: typeof body === 'string' ? parsed(body) : body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export interface Watched {
  type: string;
  name: string;
  object: { metadata: { resourceVersion: string }; code?: number; reason?: string };
}

export interface Watching {
  seen: Watched[];
  /** Resolves when the server ends it, to what ended it. */
  ended: Promise<unknown>;
  stop(): void;
}

export async function watchAll(
  config: k8s.KubeConfig,
  path: string,
  query: Record<string, string | number | boolean>,
): Promise<Watching> {
  const seen: Watched[] = [];
  let end: (why: unknown) => void = () => {};
  const ended = new Promise<unknown>((resolve) => (end = resolve));
  const keep = (type: string, object: Watched['object'] & { metadata: { name?: string } }): void => {
    seen.push({ type, name: object.metadata.name ?? '', object });
  };
  const controller = await new k8s.Watch(config).watch(path, query, keep, end);
  return { seen, ended, stop: () => controller.abort() };
}
