import { playgroundScene, type LocalKubernetes, type Scene } from '../../infra/local/kubernetes/index.js';
import { until } from '../../infra/local/until.js';

export const SHOP = 'shop';
export const CRON_JOBS = ['report', 'cleanup', 'sync'];

type Pod = ReturnType<LocalKubernetes['pods']>[number];

export interface Named {
  readonly name: string;
  readonly uid: string;
}

export interface Ground {
  readonly endpoints: string[];
  readonly quotaBytes: number;
}

/**
 * The playground's cluster, whose CronJobs have run once and run only when told to from here on. All pods run but one,
 * whose image can't be had.
 */
export async function setUp(
  kubernetes: LocalKubernetes,
  ground: Ground,
): Promise<{ play: Scene; broken: string }> {
  const play = playgroundScene(kubernetes, { ...ground, everyMs: 3_600_000 });
  kubernetes.addDeployment({ namespace: SHOP, name: 'broken', fate: { hang: 'image' } });
  for (const name of CRON_JOBS) {
    kubernetes.changeCronJob('batch', name, { runsForMs: 50 });
    kubernetes.runCronJob('batch', name);
  }
  await until(() => hanging(kubernetes).length === 1 && jobsDone(kubernetes), { what: 'all else runs' });
  return { play, broken: nameOf(hanging(kubernetes)[0]).name };
}

/**
 * For want of an address: two of a rollout, of which one's kubelet gives up; two of a Job; one that a budget guards and
 * one that nobody would make again, both given up as well.
 */
export async function hangUp(
  kubernetes: LocalKubernetes,
  play: Scene,
): Promise<{ wedged: Named; guarded: Named }> {
  const gaveUp = { fate: { hang: 'wedged' } } as const;
  const selector = { matchLabels: { app: 'guarded' } };
  kubernetes.addBudget({ namespace: SHOP, name: 'guarded', spec: { minAvailable: 1, selector } });
  kubernetes.addDeployment({ namespace: SHOP, name: 'guarded', ...gaveUp });
  kubernetes.addPod({ namespace: SHOP, name: 'bare', ...gaveUp });
  kubernetes.runCronJob('batch', 'sync');
  play.rollWeb();
  const told = (): number => attempts(kubernetes).size;
  await until(() => hanging(kubernetes).length === 7 && told() === 6, {
    what: 'six are told that they get none',
  });
  const oftenTold = ({ metadata: { name } }: Pod): boolean => (attempts(kubernetes).get(name) ?? 0) > 1;
  await until(() => hanging(kubernetes, 'web').some(oftenTold), { what: 'the kubelet of one tries again' });
  const wedged = hanging(kubernetes, 'web').find((pod) => !oftenTold(pod));
  return { wedged: nameOf(wedged), guarded: nameOf(hanging(kubernetes, 'guarded')[0]) };
}

function nameOf(pod: Pod | undefined): Named {
  if (!pod) throw new Error('there is no such pod');
  return { name: pod.metadata.name, uid: pod.metadata.uid };
}

/** Pods that do not run yet, also those that will in a moment. */
export function hanging(kubernetes: LocalKubernetes, app?: string): readonly Pod[] {
  return kubernetes
    .pods()
    .filter(
      ({ status, metadata }) =>
        status.phase === 'Pending' && (app === undefined || metadata.labels?.['app'] === app),
    );
}

function jobsDone({ store }: LocalKubernetes): boolean {
  return store.all('jobs').filter(({ status }) => status.completionTime).length === CRON_JOBS.length;
}

/** How often each pod was told that it gets no address. */
function attempts({ store }: LocalKubernetes): ReadonlyMap<string, number> {
  const told = store.all('events').filter(({ reason }) => reason === 'FailedCreatePodSandBox');
  return new Map(told.map(({ involvedObject, count }) => [involvedObject.name, count]));
}
