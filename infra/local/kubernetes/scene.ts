import type { LocalKubernetes } from './types.js';

export interface SceneOptions {
  /** Members of the calico etcd, as its flags show them. */
  endpoints: string[];
  quotaBytes: number;
  /** How often each CronJob really runs, which its schedule hides. */
  everyMs?: number;
  /** How many of the web pods never try again once they hang, so that somebody must restart them. */
  wedged?: number;
}

export interface Scene {
  /** As after prevention: the CronJobs run at a pace that fills nothing. */
  calm(): void;
  /** New pods of web, which hang while their addresses are refused. */
  rollWeb(): void;
}

/** Planned, they start 900 pods an hour: sync 120, report 300, cleanup 480. */
const CRON_JOBS = [
  { name: 'report', podsPerRun: 5 },
  { name: 'cleanup', podsPerRun: 8 },
  { name: 'sync', podsPerRun: 2 },
];

const BATCH = 'batch';
const SHOP = 'shop';
const CALM_MS = 30_000;

/** The incident's cluster: two nodes, Calico with an etcd of its own, a shop, and CronJobs that are too busy. */
export function playgroundScene(kubernetes: LocalKubernetes, options: SceneOptions): Scene {
  const { everyMs = 3_000, wedged = 1 } = options;
  kubernetes.addNode({ name: 'node-1', controlPlane: true });
  kubernetes.addNode({ name: 'node-2' });
  kubernetes.addCalicoNode({ env: { ETCD_ENDPOINTS: options.endpoints.join(',') } });
  // Its compactor is off, as in the incident: nothing compacts what the pods leave behind.
  kubernetes.addCalicoKubeControllers({ env: { COMPACTION_PERIOD: '0' } });
  addEtcd(kubernetes, options);
  kubernetes.addDeployment({ namespace: SHOP, name: 'web', replicas: 3 });
  const selector = { matchLabels: { app: 'web' } };
  kubernetes.addBudget({ namespace: SHOP, name: 'web', spec: { minAvailable: 2, selector } });
  for (const { name, podsPerRun } of CRON_JOBS) {
    const paced = { schedule: '* * * * *', podsPerRun, everyMs, runsForMs: everyMs / 2, mostActive: 2 };
    kubernetes.addCronJob({ namespace: BATCH, name, ...paced });
  }
  return {
    calm() {
      for (const { name } of CRON_JOBS)
        kubernetes.changeCronJob(BATCH, name, { everyMs: CALM_MS, podsPerRun: 1 });
    },
    rollWeb: () => roll(kubernetes, wedged),
  };
}

function addEtcd(kubernetes: LocalKubernetes, { endpoints, quotaBytes }: SceneOptions): void {
  endpoints.forEach((endpoint, index) => {
    kubernetes.addEtcdPod({
      form: 'calico',
      node: index === 0 ? 'node-1' : 'node-2',
      name: `calico-etcd-${index + 1}`,
      flags: {
        'advertise-client-urls': endpoint,
        'listen-client-urls': endpoint,
        'data-dir': '/var/etcd/calico-data',
        'quota-backend-bytes': String(quotaBytes),
        'snapshot-count': '10000',
      },
    });
  });
}

/** One pod after the other is replaced; the first replacements are those that never try again. */
function roll(kubernetes: LocalKubernetes, wedged: number): void {
  const isWeb = (labels: Record<string, string> = {}): boolean => labels['app'] === 'web';
  const old = kubernetes.pods(SHOP).filter(({ metadata }) => isWeb(metadata.labels));
  let left = wedged;
  const unsubscribe = kubernetes.store.subscribe(({ resource, type, object }) => {
    const { namespace, name, labels } = object.metadata;
    if (resource !== 'pods' || type !== 'ADDED' || namespace !== SHOP || !isWeb(labels)) return;
    if (left-- > 0) kubernetes.wedge(SHOP, name);
    else unsubscribe();
  });
  for (const { metadata } of old.slice(0, 2)) kubernetes.deletePod(SHOP, metadata.name);
}
