import type { Snapshot } from '../../src/domain/snapshot.js';
import type { PlannedAct, StepKind } from '../../src/domain/plan.js';
import type { Step, StepContext } from '../../src/domain/step.js';
import { IDS, MIB, withAlarms, withEveryStatus, withStatus } from '../facts.js';
import type { Script } from './world.js';

export interface Target {
  snapshot: Snapshot;
}

interface Scene {
  readonly target: Target;
  readonly script: Script;
  readonly calls: string[];
}

const KINDS: readonly StepKind[] = [
  'backup',
  'compact',
  'defragment',
  'move-leader',
  'disarm',
  'write-probe',
];

/** Steps that succeed and change the snapshot as the real ones change a cluster, but where the script says otherwise. */
export function scripted(scene: Scene): ReadonlyMap<string, Step> {
  return new Map(KINDS.map((kind) => [kind, stepOf(kind, scene)]));
}

function stepOf(kind: StepKind, { target, script, calls }: Scene): Step {
  return {
    title: kind,
    settlesWithinMs: 60_000,
    precondition: async (context) =>
      script[kind]?.precondition?.(context) ?? { go: 'act', evidence: { of: kind } },
    async act(context, evidence) {
      calls.push(nameOf(context.act));
      await (script[kind]?.act?.(context, evidence) ?? happens(target, context));
    },
    effect: async (context, evidence, answered) =>
      script[kind]?.effect?.(context, evidence, answered) ?? { seen: 'done', result: `${kind} was seen` },
  };
}

export function nameOf(act: PlannedAct): string {
  return act.kind === 'defragment' ? `defragment ${labelOf(act.memberId)}` : act.kind;
}

function labelOf(id: string): string {
  return `m${String(IDS.indexOf(id) + 1)}`;
}

/** What the act does to the cluster. */
async function happens(target: Target, context: StepContext): Promise<void> {
  const { act } = context;
  if (act.kind === 'defragment') {
    target.snapshot = withStatus(target.snapshot, labelOf(act.memberId), { sizeBytes: 300 * MIB });
  }
  if (act.kind === 'move-leader') leads(target, labelOf(context.defragmented[0] ?? ''));
  if (act.kind === 'disarm') target.snapshot = withAlarms(target.snapshot, []);
}

export function leads(target: Target, member: string): void {
  const leaderId = IDS[Number(member.slice(1)) - 1] ?? '0';
  target.snapshot = withEveryStatus(target.snapshot, { leaderId });
}
