import { TargetError } from '../../../src/domain/errors.js';
import { unknown, valueOf } from '../../../src/domain/fact.js';
import type { Plan, PlannedAct, StepKind } from '../../../src/domain/plan.js';
import type { Runbook } from '../../../src/domain/runbook.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import type { Step, StepContext } from '../../../src/domain/step.js';
import {
  full,
  healthy,
  IDS,
  MIB,
  withAlarms,
  withEveryStatus,
  withFact,
  withMetrics,
  withStatus,
} from '../../facts.js';
import { withUnreachable } from '../../overrides.js';
import { fixPlan } from '../../operations.js';
import type { FACTS, FATES } from './events.js';
import { turns } from './trouble.js';

type Fate = (typeof FATES)[number];

/** A cluster on which each act has its fate: a snapshot for the facts, and the truth about what was done. */
export interface Target {
  facts: (typeof FACTS)[number];
  /** Reading tells nothing of an act's effect. */
  blind: boolean;
  revision: number;
  /** Of acts to come, by how many were sent before. */
  readonly fates: Map<number, Fate>;
  snapshot(facts?: Target['facts']): Snapshot;
  /** Before an act it says whether that is needed at all; else every act is sent that the engine asks for. */
  looksBefore: boolean;
  /** Metrics can't be read. */
  mute: boolean;
  /** Acts that were sent, by plan and act, in order: "plan 3: defragment 1050…". */
  readonly sent: string[];
  readonly done: ReadonlySet<string>;
  /** What the server was at when its client gave up is finished by now. */
  goesOn(): void;
  readonly steps: ReadonlyMap<string, Step>;
  readonly runbooks: ReadonlyMap<string, Runbook>;
}

export type Witness = (moment: 'begins' | 'ends', plan: Plan, name: string) => void;

/** `witness` sees each act as it reaches the cluster, and as it ends. */
export function makeTarget(witness: Witness): Target {
  let snapshot = full(healthy());
  let plans = 0;
  const underWay = new Map<string, () => void>();
  const done = new Set<string>();
  const target: Target = {
    facts: 'incident',
    blind: false,
    revision: 4_812_990,
    fates: new Map(),
    looksBefore: false,
    mute: false,
    sent: [],
    done,
    goesOn: () => {
      for (const finish of underWay.values()) finish();
      underWay.clear();
    },
    snapshot: (facts = target.facts) =>
      dressed(facts, seen(withEveryStatus(snapshot, { revision: target.revision }))),
    steps: new Map(KINDS.map((kind) => [kind, stepOf(kind)])),
    runbooks: new Map((['fix', 'compact'] as const).map((id) => [id, runbookOf(id)])),
  };
  return target;

  function seen(whole: Snapshot): Snapshot {
    return target.mute ? withFact(whole, 'metrics', unknown('timeout', 'no answer')) : whole;
  }

  function runbookOf(id: 'fix' | 'compact'): Runbook {
    return {
      title: id,
      needs: ['members', 'status', 'metrics', 'alarms'],
      plan: (now) => ({
        ok: true,
        value: { ...planOf(id, now, target.revision), title: `plan ${String(++plans)}` },
      }),
    };
  }

  function stepOf(kind: StepKind): Step {
    return {
      title: kind,
      settlesWithinMs: 60_000,
      precondition: async (context) =>
        target.looksBefore && kind === 'compact' && done.has(nameOf(context))
          ? { go: 'skip', because: 'it is compacted already' }
          : { go: 'act', evidence: { of: kind } },
      act: (context) => act(context),
      effect: async (context) => {
        const name = nameOf(context);
        if (target.blind) return { seen: 'unclear', because: 'nothing can be read' };
        if (underWay.has(name)) return { seen: 'running', because: 'it is still at it' };
        return done.has(name)
          ? { seen: 'done', result: 'seen' }
          : { seen: 'not-done', because: 'nothing is seen' };
      },
    };
  }

  async function act(context: StepContext): Promise<void> {
    const name = nameOf(context);
    const fate = target.fates.get(target.sent.length) ?? 'done';
    witness('begins', context.plan, name);
    target.sent.push(name);
    const finish = (): void => {
      done.add(name);
      snapshot = after(snapshot, context.act);
    };
    // While it is under way, whoever reads sees that it is.
    underWay.set(name, () => undefined);
    await turns(DURATION);
    witness('ends', context.plan, name);
    underWay.delete(name);
    if (fate === 'refused') throw new TargetError('denied', 'm1', 'refused');
    if (fate === 'done' || fate === 'done-unseen') finish();
    if (fate === 'goes-on-unseen') underWay.set(name, finish);
    if (fate !== 'done') throw new TargetError('timeout', 'm1', 'no answer');
  }
}

/** Turns of the others. */
const DURATION = 40;

const KINDS: readonly StepKind[] = ['compact', 'defragment', 'move-leader', 'write-probe'];

function nameOf({ plan, act }: StepContext): string {
  return `${plan.title}: ${act.kind}${act.kind === 'defragment' ? ` ${act.memberId}` : ''}`;
}

function labelOf(id: string): string {
  return `m${String(IDS.indexOf(id) + 1)}`;
}

/** Sizes and counters as the real acts change them: by these the engine tells what has happened. */
function after(snapshot: Snapshot, act: PlannedAct): Snapshot {
  if (act.kind === 'move-leader') return withEveryStatus(snapshot, { leaderId: IDS[1] ?? '' });
  if (act.kind !== 'defragment') return snapshot;
  const member = labelOf(act.memberId);
  const before = defragmentationsOf(snapshot)[act.memberId] ?? 0;
  const counted = withMetrics(snapshot, member, { defragmentations: before + 1 });
  return withStatus(counted, member, { sizeBytes: 300 * MIB });
}

function defragmentationsOf(snapshot: Snapshot): Readonly<Record<string, number>> {
  const counts = (valueOf(snapshot.facts.metrics) ?? []).map(
    ({ fact }, at) => [IDS[at] ?? '', valueOf(fact)?.defragmentations ?? 0] as const,
  );
  return Object.fromEntries(counts);
}

function dressed(facts: Target['facts'], snapshot: Snapshot): Snapshot {
  if (facts === 'calm') return withAlarms(snapshot, []);
  if (facts === 'corrupt') return withAlarms(snapshot, [{ memberId: IDS[1] ?? '', kind: 'CORRUPT' }]);
  return facts === 'down' ? withUnreachable(snapshot, 'm3') : snapshot;
}

function planOf(runbook: 'fix' | 'compact', snapshot: Snapshot, revision: number): Plan {
  const [plan, counts] = [fixPlan(), defragmentationsOf(snapshot)];
  const wanted: readonly string[] = runbook === 'fix' ? KINDS : ['compact', 'write-probe'];
  const steps = plan.steps
    .filter(({ kind }) => wanted.includes(kind))
    .map((step) => (step.kind === 'compact' ? { ...step, revision } : step));
  const processStartedAt = valueOf(valueOf(snapshot.facts.metrics)?.[0]?.fact)?.processStartedAt ?? null;
  const members = plan.members.map(({ id }) => ({ id, defragmentations: counts[id] ?? 0, processStartedAt }));
  return { ...plan, runbook, steps, baseline: { ...plan.baseline, members } };
}
