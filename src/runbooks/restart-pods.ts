import { no, yes, type Refusal, type Verdict } from '../domain/errors.js';
import type { HangingPods } from '../domain/kubernetes/facts.js';
import { podCount } from '../domain/kubernetes/still-hanging.js';
import { readVoters, leaderOf } from '../domain/maintenance/voters.js';
import type { Ground } from '../domain/maintenance/ground.js';
import { nothingBack, onFailure, planOf } from '../domain/maintenance/plan-parts.js';
import {
  isNamed,
  MENDED_CAUSE,
  namedPods,
  restartsOf,
  type Restarts,
} from '../domain/maintenance/restart-drafts.js';
import { refusesWrites } from '../domain/maintenance/takes-writes.js';
import type { Plan } from '../domain/plan.js';
import type { Runbook, RunbookSetting } from '../domain/runbook.js';
import type { Snapshot } from '../domain/snapshot.js';

/** For pods that hang although etcd takes writes again: their kubelets gave up, or try too seldom. */
const restartPods: Runbook = {
  title: 'Restart pods that hang because their address was refused',
  needs: ['members', 'status', 'alarms', 'pods'],
  plan,
};

export default restartPods;

function plan(snapshot: Snapshot, setting: RunbookSetting): Verdict<Plan> {
  const pods = podsOf(snapshot);
  if (!pods.ok) return pods;
  const refusal = refusesWrites(snapshot);
  if (refusal) return refusal;
  const leader = leaderOf(snapshot);
  if (!leader) return no('No member of etcd is seen to lead.');
  const restarts = chosen(pods.value, snapshot, setting);
  if (!restarts.ok) return restarts;
  const ground = { snapshot, setting, leader, voters: readVoters(snapshot), full: false };
  return yes(planFor(ground, restarts.value));
}

function podsOf({ cluster, facts: { pods } }: Snapshot): Verdict<HangingPods> {
  if (!pods)
    return no(`The configuration names no Kubernetes for ${cluster}, so I can't see its pods.`, [
      'Add `kubernetes` to this cluster in the configuration.',
    ]);
  if (!pods.known)
    return no(`Pods could not be read: ${pods.reason}`, [
      'Mend that first; nothing is restarted that can’t be looked at.',
    ]);
  const { withEvents, blindBecause, hanging } = pods.value;
  if (withEvents || hanging.length === 0) return yes(pods.value);
  return no(`Why pods hang could not be read: ${blindBecause ?? 'their events are not there'}`, [
    'Mend that first; no pod is restarted on a guess.',
  ]);
}

function chosen(
  pods: HangingPods,
  snapshot: Snapshot,
  { options, kubernetes }: RunbookSetting,
): Verdict<Restarts> {
  const named = namedPods(options['pods']);
  const unknown = [...(named ?? [])].filter((name) => !hangs(pods, name));
  if (unknown.length > 0) return notHanging(unknown, snapshot);
  const restarts = restartsOf(pods, { patienceMs: kubernetes?.patienceMs ?? 0, wanted: isNamed(named) });
  if (restarts.drafts.length > 0) return yes(restarts);
  return no(
    (pods.counts[MENDED_CAUSE] ?? 0) === 0
      ? 'No pod hangs because its address was refused.'
      : 'Of the pods that hang because their address was refused none can be restarted.',
    [...restarts.notes, ...otherCauses(pods, snapshot)],
  );
}

function hangs({ hanging }: HangingPods, typed: string): boolean {
  return hanging.some((pod) => pod.cause === MENDED_CAUSE && isNamed(new Set([typed]))(pod));
}

function notHanging(names: readonly string[], { cluster }: Snapshot): Refusal {
  const said = names.join(', ');
  return no(`Not among the pods that hang because their address was refused: ${said}.`, [
    `Type a pod as \`namespace/name\`; \`/etcd pods ${cluster}\` shows which pods hang, and why.`,
  ]);
}

function otherCauses({ counts }: HangingPods, { cluster }: Snapshot): readonly string[] {
  const others = Object.values(counts).reduce((sum, count) => sum + count, 0) - (counts[MENDED_CAUSE] ?? 0);
  if (others <= 0) return [];
  const hang = others === 1 ? 'hangs' : 'hang';
  return [
    `${podCount(others)} ${hang} for other reasons, which a restart does not mend: \`/etcd pods ${cluster}\`.`,
  ];
}

function planFor(ground: Ground, { drafts, pods, notes }: Restarts): Plan {
  const made = planOf(ground, {
    runbook: 'restart-pods',
    title: `Restart ${podCount(pods.length)} of ${ground.snapshot.cluster} if ${pods.length === 1 ? 'it still hangs' : 'they still hang'}`,
    drafts,
    expected: nothingBack('restarting pods moves no data of etcd'),
    risks: notes,
    onFailure: onFailure('pods that were restarted by then stay so'),
    forGood: false,
  });
  // Nothing is done to etcd that a backup could be needed for.
  return { ...made, lastBackup: '' };
}
