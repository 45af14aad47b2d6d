import { kubernetesOf, type Reach } from '../collector.js';
import { TargetError } from '../errors.js';
import type { CalicoResource, KubernetesReader } from '../kubernetes/ports.js';
import type { AddressUse } from './facts.js';
import { isDeleted, parseAffinity, parseHandle } from './records.js';
import { makeTally, type Tally } from './tally.js';

interface Source {
  readonly kubernetes: KubernetesReader;
  readonly left: () => number;
}

/** Calico's addresses from its CRDs. The API has no revision for several lists, so they may be some moments apart. */
export async function readFromKubernetes(reach: Reach, now: () => number): Promise<AddressUse> {
  const kubernetes = kubernetesOf(reach);
  const until = now() + reach.deadlineMs;
  const source: Source = { kubernetes, left: () => until - now() };
  const tally = makeTally();
  await each(source, 'ippools', (raw) => tally.pool(raw)).catch(saysWhere);
  await unlessMissing(
    tally,
    each(source, 'ipreservations', (raw) => tally.reservation(raw)),
    'IP reservations',
  );
  await unlessMissing(
    tally,
    each(source, 'ipamconfigs', (raw) => tally.config(raw)),
    'the IPAM configuration',
  );
  await each(source, 'ipamblocks', (raw) => tally.block(raw)).catch(saysWhere);
  await nodes(source, tally);
  await each(source, 'ipamhandles', (raw) => {
    if (isDeleted(raw)) return;
    const id = parseHandle(raw);
    if (id === null) tally.unreadable();
    else tally.handle(id);
  });
  return tally.finish({ source: 'kubernetes', revision: null });
}

async function nodes(source: Source, tally: Tally): Promise<void> {
  await each(source, 'blockaffinities', (raw) => {
    const node = isDeleted(raw) ? null : parseAffinity(raw);
    if (node !== null) tally.node(node);
  });
  await unlessMissing(tally, allNodes(source, tally), 'nodes without a block');
}

async function allNodes({ kubernetes, left }: Source, tally: Tally): Promise<void> {
  for await (const page of kubernetes.nodes(left())) for (const { name } of page) tally.node(name);
}

async function each(source: Source, resource: CalicoResource, take: (raw: unknown) => void): Promise<void> {
  for await (const page of source.kubernetes.calico(resource, source.left())) page.forEach(take);
}

/** Older Calico lacks some kinds, and a role may lack some rights: the rest is still worth telling. */
async function unlessMissing(tally: Tally, reading: Promise<void>, what: string): Promise<void> {
  try {
    await reading;
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    if (error.code === 'unsupported') return;
    if (error.code !== 'denied') throw error;
    tally.notRead(`${what} (${error.message})`);
  }
}

function saysWhere(error: unknown): never {
  if (!(error instanceof TargetError) || error.code !== 'unsupported') throw error;
  const said =
    'This Kubernetes holds no addresses of Calico. If Calico keeps them in an etcd of its own, set `calico: true` for that cluster.';
  throw new TargetError('unsupported', error.target, said, { cause: error });
}
