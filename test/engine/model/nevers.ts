import type { Operation } from '../../../src/domain/operation.js';
import type { PlannedStep } from '../../../src/domain/plan.js';
import type { Call, CallKind } from './cluster.js';
import { READS } from './faults.js';
import type { Mark, Stage } from './stage.js';

const STEP_OF: Readonly<Partial<Record<CallKind, PlannedStep['kind']>>> = {
  compact: 'compact',
  defragment: 'defragment',
  moveLeader: 'move-leader',
  disarm: 'disarm',
  writeProbe: 'write-probe',
  evict: 'restart-pods',
};

type Must = (holds: boolean, rule: string) => void;

/** What the calls that reached the cluster say of section 6 of the design: the Nevers that were broken. */
export function neversBroken({ cluster: { calls }, marks }: Stage, operation: Operation): readonly string[] {
  const broken: string[] = [];
  calls.forEach((call, index) => {
    if (READS.has(call.kind)) return;
    const must: Must = (holds, rule) => {
      const what = `${call.kind} ${call.about} of ${call.member} (call ${String(index)})`;
      if (!holds) broken.push(`${what}: ${rule}`);
    };
    const step = begunAt(marks, operation, index);
    must(step?.kind === STEP_OF[call.kind], 'no approved step of this kind had begun');
    must(!wasSent(calls.slice(0, index), call), 'it was sent before');
    const seen = seenBefore(calls, marks, index);
    if (call.kind === 'defragment') defragmented({ call, operation, must }, seen);
    if (call.kind === 'disarm') disarmed(call, must, seen);
    if (call.kind === 'evict') evicted(call, step, must);
    if (call.kind === 'compact') must(!seen.corrupt, 'CORRUPT was raised');
  });
  return broken;
}

/** The step whose journal was the last to say "begun" when so many calls had been made. */
function begunAt(marks: readonly Mark[], { plan }: Operation, index: number): PlannedStep | undefined {
  const last = marks.filter(({ calls }) => calls <= index).at(-1);
  return last?.state === 'begun' ? plan.steps.find(({ id }) => id === last.step) : undefined;
}

/** There may be several of these, each about something else. */
const BY_OBJECT: ReadonlySet<CallKind> = new Set<CallKind>(['disarm', 'evict']);

/** One that never reached its member was not sent; an entry that was raised anew may be disarmed anew. */
function wasSent(before: readonly Call[], call: Call): boolean {
  const same = before.filter(({ kind, member, about }) =>
    call.kind === 'defragment'
      ? kind === call.kind && member === call.member
      : kind === call.kind && (!BY_OBJECT.has(call.kind) || about === call.about),
  );
  if (call.kind !== 'disarm') return same.length > 0;
  return same.some(
    (one) =>
      one.done && !before.slice(before.indexOf(one)).some((later) => !later.alarms.includes(call.about)),
  );
}

/** What held at the moment of the last readings before the step was begun: nobody can know of what came after. */
interface Seen {
  readonly down: readonly string[];
  readonly busy: readonly string[];
  readonly late: readonly string[];
  readonly full: readonly string[];
  readonly corrupt: boolean;
  readonly listed: number;
  readonly leader: string | null;
}

function seenBefore(calls: readonly Call[], marks: readonly Mark[], index: number): Seen {
  const begun = marks.filter((mark) => mark.calls <= index && mark.state === 'begun').at(-1)?.calls ?? 0;
  const reads = calls.slice(0, begun).filter(({ kind }) => READS.has(kind));
  const first = (kind: CallKind, count: number): Call | undefined =>
    reads.filter((call) => call.kind === kind).slice(-count)[0];
  const status = first('status', 3);
  const just = calls
    .slice(0, index)
    .filter(({ kind }) => kind === 'status')
    .slice(-3)[0];
  return {
    down: status?.down ?? [],
    busy: first('metrics', 3)?.busy ?? [],
    late: status?.late ?? [],
    full: status?.full ?? [],
    corrupt: status?.alarms.some((alarm) => alarm.includes('CORRUPT')) === true,
    listed: first('memberList', 1)?.listed ?? 0,
    // The act itself looks once more who leads.
    leader: just?.leader ?? null,
  };
}

interface Defragmented {
  readonly call: Call;
  readonly operation: Operation;
  readonly must: Must;
}

function defragmented({ call, operation, must }: Defragmented, seen: Seen): void {
  const { plan } = operation;
  const others = (names: readonly string[]): boolean => names.some((name) => name !== call.member);
  must(!(others(call.busy) && others(seen.busy)), 'another member is being defragmented');
  must(!(call.down.length > 0 && seen.down.length > 0), `${seen.down.join()} is down`);
  must(!(call.late.length > 0 && seen.late.length > 0), `${seen.late.join()} has too much to apply`);
  must(!seen.corrupt, 'CORRUPT was raised');
  must(seen.listed <= plan.members.length, 'the cluster has other members');
  const leads = call.leader === call.member && seen.leader === call.member;
  must(!leads || plan.standstill !== null, 'it leads, and nobody agreed to a standstill');
}

/** Only a pod that people have approved, by its uid; and never one that nobody would make anew. */
function evicted({ about }: Call, step: PlannedStep | undefined, must: Must): void {
  const approved = step?.kind === 'restart-pods' && step.pods.some(({ uid }) => uid === about);
  must(approved, 'its uid is not in the plan');
  must(!about.includes('bare'), 'it has no controller');
  must(!about.includes('image'), 'it hangs for another reason');
}

function disarmed(call: Call, must: Must, seen: Seen): void {
  must(call.about.endsWith(' NOSPACE'), 'only NOSPACE is ever disarmed');
  must(!(call.full.length > 0 && seen.full.length > 0), `${seen.full.join()} is full`);
  must(!seen.corrupt, 'CORRUPT was raised');
}
