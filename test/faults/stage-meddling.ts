import type { Access, ClusterOperator, MemberOperator } from '../../src/domain/ports.js';
import type { StepKind } from '../../src/domain/plan.js';
import type { Step, StepContext } from '../../src/domain/step.js';

/**
 * A moment of the run. `asked`: before the precondition of the step reads; `begun`: after the journal entry, before the
 * act reads; `sending`: as the call leaves for the member; `answered`: after its answer, before its effect is read.
 * `turn`: the how-manieth act of its kind in its operation, from 1; without it the first.
 */
export interface Moment {
  readonly at: 'asked' | 'begun' | 'sending' | 'answered';
  readonly kind: StepKind;
  readonly turn?: number;
}

/** `memberId`: whom a defragmentation is for. */
export type Happening = (memberId: string) => Promise<void> | void;

export interface Meddling {
  readonly moment: Moment;
  readonly meddle: Happening;
}

/** What is to happen in the middle of a run, and what the run sent so far. */
export interface Meddler {
  readonly meddling: Meddling[];
  readonly sent: string[];
}

/** The same steps, in which something happens between their parts. */
export function meddledWith(steps: ReadonlyMap<string, Step>, meddler: Meddler): ReadonlyMap<string, Step> {
  const begun = new Map<string, number>();
  const tell = (at: Moment['at'], { act }: StepContext, turn: number): Promise<void> =>
    happens(meddler, { at, kind: act.kind, turn }, act.kind === 'defragment' ? act.memberId : '');
  const turnOf = (context: StepContext): number => (begun.get(keyOf(context)) ?? 0) + 1;
  return new Map(
    [...steps].map(([kind, step]): [string, Step] => [
      kind,
      {
        ...step,
        async precondition(context) {
          await tell('asked', context, turnOf(context));
          return step.precondition(context);
        },
        async act(context, evidence) {
          const turn = turnOf(context);
          begun.set(keyOf(context), turn);
          await tell('begun', context, turn);
          await step.act(
            { ...context, operator: told(context.operator, () => tell('sending', context, turn)) },
            evidence,
          );
          await tell('answered', context, turn);
        },
      },
    ]),
  );
}

function keyOf({ act, operationId }: StepContext): string {
  return `${operationId} ${act.kind}`;
}

async function happens(meddler: Meddler, now: Required<Moment>, memberId: string): Promise<void> {
  const index = meddler.meddling.findIndex(
    ({ moment: { at, kind, turn = 1 } }) => at === now.at && kind === now.kind && turn === now.turn,
  );
  if (index >= 0) await meddler.meddling.splice(index, 1)[0]?.meddle(memberId);
}

/** Connections that say, as an act leaves, that it does. */
function told(operator: () => ClusterOperator, leaves: () => Promise<void>): () => ClusterOperator {
  return () => ({ members: operator().members.map((member) => before(member, leaves)) });
}

function before(member: MemberOperator, leaves: () => Promise<void>): MemberOperator {
  const first =
    <Given extends unknown[]>(act: (...given: Given) => Promise<void>) =>
    async (...given: Given): Promise<void> => {
      await leaves();
      await act(...given);
    };
  return {
    ...member,
    compact: first((...given) => member.compact(...given)),
    defragment: first((...given) => member.defragment(...given)),
    moveLeader: first((...given) => member.moveLeader(...given)),
    disarm: first((...given) => member.disarm(...given)),
    writeProbe: first((...given) => member.writeProbe(...given)),
  };
}

/** Connections that write down what is sent to whom. */
export function witnessed(access: Access, names: readonly string[], sent: string[]): Access {
  const noted = (member: MemberOperator, name: string): MemberOperator => ({
    ...member,
    compact: (...given) => (sent.push(`${name} compact`), member.compact(...given)),
    defragment: (...given) => (sent.push(`${name} defragment`), member.defragment(...given)),
    moveLeader: (...given) => (sent.push(`${name} move-leader`), member.moveLeader(...given)),
    disarm: (alarm, ...given) => (sent.push(`${name} disarm ${alarm.kind}`), member.disarm(alarm, ...given)),
    writeProbe: (...given) => (sent.push(`${name} write-probe`), member.writeProbe(...given)),
    snapshot: (...given) => (sent.push(`${name} snapshot`), member.snapshot(...given)),
  });
  return {
    reader: (cluster) => access.reader(cluster),
    operator: (cluster) => ({
      members: access.operator(cluster).members.map((member, index) => noted(member, names[index] ?? '?')),
    }),
  };
}
