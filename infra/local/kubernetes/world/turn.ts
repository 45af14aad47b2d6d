import type { Change } from '../history.js';
import type { Pod } from '../objects/pod.js';
import { countBudgets } from './budgets.js';
import { keepDaemons } from './daemons.js';
import { runJobs } from './jobs.js';
import { makeKubelets } from './kubelet.js';
import type { Plans } from './plans.js';
import { keepReplicas } from './replicas.js';
import { schedule } from './scheduler.js';
import type { World } from './world.js';

const SWEEP_MS = 60_000;

/** After each change, or several at once, everybody looks whether it is their turn; until nothing changes any more. */
export function turn(world: World, plans: Plans): () => void {
  const kubelets = makeKubelets(world);
  let isDue = false;
  let stopped = false;

  function look(): void {
    isDue = false;
    if (stopped) return;
    keepReplicas(world, plans);
    keepDaemons(world, plans);
    runJobs(world, plans);
    schedule(world);
    kubelets.look();
    countBudgets(world);
  }

  const unsubscribe = world.store.subscribe(({ resource, type, object }: Change) => {
    if (resource === 'events') return;
    if (resource === 'pods' && type === 'DELETED') kubelets.gone(object as Pod);
    if (isDue) return;
    isDue = true;
    setImmediate(look);
  });
  world.timers.every(SWEEP_MS, () => world.recorder.sweep());
  return () => {
    stopped = true;
    unsubscribe();
  };
}
