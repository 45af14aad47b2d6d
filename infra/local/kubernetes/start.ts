import { removePod } from './api/remove.js';
import { startHttp } from './api/server.js';
import type { Watch } from './api/watch.js';
import { makeCrdDatastore } from './calico/in-crds.js';
import { makeEtcdDatastore } from './calico/in-etcd.js';
import { makeIpam, type Ipam } from './calico/ipam.js';
import { makeBatchControl } from './control/batch.js';
import { addBulk } from './control/bulk.js';
import { makeNodeControl } from './control/nodes.js';
import { makePartsControl } from './control/parts.js';
import { makePodControl } from './control/pods.js';
import { makeWorkloadControl } from './control/workloads.js';
import { makeFaults } from './faults.js';
import { makeIdentity, type Identity } from './identities.js';
import { kubeconfigOf, writeKubeconfig } from './kubeconfig.js';
import { makeRequestLog } from './requests.js';
import { makeStore, type Store } from './store.js';
import type { KubernetesIdentity, KubernetesOptions, LocalKubernetes } from './types.js';
import { makeFates } from './world/fates.js';
import type { Plans } from './world/plans.js';
import { makeRecorder } from './world/recorder.js';
import { makeTimers } from './world/timers.js';
import { turn } from './world/turn.js';
import type { World } from './world/world.js';

/** A Kubernetes API of ours on loopback, with a small cluster behind it that lives by itself. */
export async function startKubernetes(options: KubernetesOptions = {}): Promise<LocalKubernetes> {
  const world = makeWorld(options);
  const plans: Plans = new Map();
  const stopTurning = turn(world, plans);
  const watches = new Set<Watch>();
  const faults = makeFaults(watches, () => world.store.forget());
  const log = makeRequestLog(world.now);
  const identities: Identity[] = [];
  const identityOf = (token: string): Identity | undefined => identities.find((one) => one.token === token);
  const server = await startHttp({ api: apiOf(options, world, watches), faults, log, identityOf });
  const stop = async (): Promise<void> => {
    stopTurning();
    world.timers.stop();
    await server.stop();
    world.ipam?.close();
  };
  await world.ipam?.setUp().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const url = `http://127.0.0.1:${server.port}`;
  const { context = 'simulated', user = 'steward', rules } = options;
  const known = knownAt({ url, context, identities });
  return Object.assign(known(user, rules), controlsOf(world, plans), {
    ...{ url, context, faults, pace: world.pace, store: world.store, identity: known, stop },
    requests: log.all,
    clearRequests: log.clear,
    addressesInUse: () => world.ipam?.inUse() ?? [],
  });
}

function makeWorld({ calico, pace, historyLimit, now = Date.now }: KubernetesOptions): World {
  const store = makeStore(historyLimit);
  return {
    ...{ store, now, timers: makeTimers(), fates: makeFates(), recorder: makeRecorder(store, now) },
    ipam: calico && ipamOf(calico, store, now),
    pace: { retryMs: 1_000, terminationMs: 50, startMs: 20, sandboxWords: 'both', ...pace },
  };
}

function ipamOf(calico: NonNullable<KubernetesOptions['calico']>, store: Store, now: () => number): Ipam {
  const { pool: { cidr = '10.0.0.0/16', blockSize = 26 } = {}, strictAffinity = false } = calico;
  const datastore = calico.datastore === 'etcd' ? makeEtcdDatastore(calico) : makeCrdDatastore(store, now);
  return makeIpam(datastore, { pool: { name: 'default-ipv4-ippool', cidr, blockSize }, strictAffinity, now });
}

function apiOf(options: KubernetesOptions, { store, now }: World, watches: Set<Watch>) {
  const {
    version = 'v1.36.0',
    bookmarkEveryMs = 60_000,
    budgetsGuardPending = false,
    metrics = {},
  } = options;
  const { counts = {}, databaseBytes, modern = true } = metrics;
  return {
    ...{ store, watches, now, bookmarkEveryMs, version },
    custom: () => options.calico?.datastore === 'kubernetes',
    guardPending: () => budgetsGuardPending,
    metrics: () => ({ counts, databaseBytes, modern }),
  };
}

interface Ground {
  url: string;
  context: string;
  identities: Identity[];
}

function knownAt({ url, context, identities }: Ground): LocalKubernetes['identity'] {
  return (user, rules) => {
    const identity = makeIdentity(user, rules);
    identities.push(identity);
    const text = kubeconfigOf({ url, context, user, token: identity.token });
    const kubeconfig: KubernetesIdentity['kubeconfig'] = (path) => {
      if (path !== undefined) writeKubeconfig(path, text);
      return text;
    };
    return Object.assign(identity, { kubeconfig });
  };
}

function controlsOf(world: World, plans: Plans) {
  const workloads = makeWorkloadControl(world, plans);
  const pods = makePodControl(world, (pod) => void removePod(world, pod));
  return {
    ...{ ...makeNodeControl(world), ...workloads, ...pods, ...makeBatchControl(world, plans) },
    ...makePartsControl(pods, workloads),
    addBulk: (options: Parameters<typeof addBulk>[1]) => addBulk(world, options),
  };
}
