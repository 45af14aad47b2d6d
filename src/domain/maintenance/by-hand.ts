import type { KubernetesSettings } from '../cluster.js';
import type { PlannedStep } from '../plan.js';
import type { Snapshot } from '../snapshot.js';
import { hexId } from '../units.js';
import { lookLines, restartLines } from './kubectl.js';
import { backupSource, leaderOf, readMembers } from './voters.js';

interface Terminal {
  readonly etcdctlFlags: readonly string[];
  readonly kubernetes?: KubernetesSettings | null | undefined;
}

/** The same acts for a person with a terminal: one etcdctl line for each step of the plan, and kubectl's after them. */
export function byHand(
  snapshot: Snapshot,
  steps: readonly PlannedStep[],
  { etcdctlFlags, kubernetes = null }: Terminal,
): readonly string[] {
  const etcdctl = (endpoint: string, words: string): string =>
    ['etcdctl', `--endpoints=${endpoint}`, ...etcdctlFlags, words].join(' ');
  const all = snapshot.endpoints.join(',');
  const lines = steps.flatMap((step) => lineOf(step, snapshot, etcdctl));
  const restarts = steps.flatMap((step) => (step.kind === 'restart-pods' ? [step] : []));
  return [
    'export ETCDCTL_API=3',
    etcdctl(all, 'endpoint status -w table'),
    ...lines,
    etcdctl(all, 'alarm list'),
    ...lookLines(
      restarts.flatMap(({ pods }) => pods),
      kubernetes,
    ),
    ...restarts.flatMap((step) => restartLines(step, kubernetes)),
  ];
}

function lineOf(
  step: PlannedStep,
  snapshot: Snapshot,
  etcdctl: (endpoint: string, words: string) => string,
): readonly string[] {
  const leader = leaderOf(snapshot);
  const members = readMembers(snapshot);
  const follower = members.find((member) => member.role === 'follower');
  const at = (id: string): string =>
    members.find((member) => member.id === id)?.endpoint ?? snapshot.endpoints.join(',');
  switch (step.kind) {
    case 'backup':
      return [etcdctl(backupSource(snapshot)?.endpoint ?? '', `snapshot save ${step.directory}/backup.db`)];
    case 'compact':
      return [etcdctl(leader?.endpoint ?? '', `compact ${String(step.revision)} --physical`)];
    case 'defragment':
      return [etcdctl(at(step.memberId), 'defrag --command-timeout=10m')];
    case 'move-leader':
      return moveLine(step.to ?? follower?.id ?? null, leader?.endpoint ?? '', etcdctl);
    case 'disarm':
      return [
        `${etcdctl(leader?.endpoint ?? '', 'alarm disarm')}  # disarms every alarm: never while CORRUPT is listed`,
      ];
    case 'write-probe':
      return [etcdctl(leader?.endpoint ?? '', 'put /etcd-steward/probe ok')];
    case 'restart-pods':
    case 'gate':
      return [];
  }
}

/** Only the leader itself takes it. */
function moveLine(
  to: string | null,
  leaderEndpoint: string,
  etcdctl: (endpoint: string, words: string) => string,
): readonly string[] {
  return to === null ? [] : [etcdctl(leaderEndpoint, `move-leader ${hexId(to)}`)];
}
