import type { EtcdPodRecord } from '../../../domain/kubernetes/records.js';
import { at, each, list, text, texts, words } from '../json.js';
import { podOf } from './pod.js';
import { plainEnv } from './workload.js';

/** The whole object once more, written there by kubectl. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export function etcdPodOf(item: unknown): EtcdPodRecord | null {
  const pod = podOf(item);
  if (!pod) return null;
  const container = etcdContainer(list(at(item, 'spec', 'containers')));
  const env = Object.entries(plainEnv(container)).filter(([name]) => name.startsWith('ETCD_'));
  return {
    ...pod,
    image: text(at(container, 'image')) ?? '',
    flags: flagsOf(each([...list(at(container, 'command')), ...list(at(container, 'args'))], text)),
    env: Object.fromEntries(env),
    annotations: annotationsOf(at(item, 'metadata', 'annotations')),
    hostAddress: text(at(item, 'status', 'hostIP')),
  };
}

/** `etcd` with kubeadm and OpenShift, `calico-etcd` with Calico; sidecars have other names. */
function etcdContainer(containers: readonly unknown[]): unknown {
  const named = (fits: (name: string) => boolean): unknown =>
    containers.find((one) => fits(text(at(one, 'name')) ?? ''));
  return (
    named((name) => name === 'etcd') ??
    named((name) => name.endsWith('-etcd')) ??
    containers.find((one) => /(^|\/)etcd(:|@|$)/.test(text(at(one, 'image')) ?? '')) ??
    containers[0]
  );
}

/** Each word by itself, or all of them in one line for a shell. Of a flag that is given twice the last one counts. */
export function flagsOf(given: readonly string[]): Readonly<Record<string, string>> {
  const tokens = given.flatMap((one) => one.split(/\s+/)).map((token) => token.replace(/^["']|["';]+$/g, ''));
  const flags: [string, string][] = [];
  for (const [index, token] of tokens.entries()) {
    const match = /^--?([a-z][a-z0-9-]+)(?:=(.*))?$/.exec(token);
    if (!match?.[1]) continue;
    const next = tokens[index + 1] ?? '';
    const value = match[2] ?? (next === '' || next.startsWith('-') ? 'true' : next);
    flags.push([match[1], value.replace(/^["']|["']$/g, '')]);
  }
  return Object.fromEntries(flags);
}

function annotationsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(texts(value)).filter(([key]) => key !== LAST_APPLIED);
  return Object.fromEntries(entries.map(([key, one]) => [key, words(one) ?? '']));
}
