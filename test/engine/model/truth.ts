import { isTerminal, type Operation, type StepRecord } from '../../../src/domain/operation.js';
import type { Call, CallKind } from './cluster.js';
import type { Stage } from './stage.js';

/** Where the card says something else than what happened. */
export async function liesOf(stage: Stage, operation: Operation): Promise<readonly string[]> {
  const lies: string[] = [];
  const must = (holds: boolean, rule: string): void => {
    if (!holds) lies.push(`${operation.state}: ${rule}`);
  };
  const { calls, alarms, members } = stage.cluster;
  const waits = operation.state === 'unknown' && operation.waitsForPerson !== undefined;
  must(isTerminal(operation) || waits, 'it neither ended nor waits for a person');
  must(
    (await stage.holder()) === (isTerminal(operation) ? null : operation.id),
    'the lock is not where it belongs',
  );
  must(!isTerminal(operation) || !atWork(stage), 'it let the cluster go while its own act was under way');
  const readable = members.every(({ up, busyUntil }) => up && busyUntil === null);
  stage.later();
  for (const record of operation.steps) {
    const said = `“${record.step.label}” is ${record.state}`;
    const ours = callsOf(stage, record);
    if (record.state === 'done') must(wasDone(stage, record) !== false, `${said}, but was not done`);
    if (['planned', 'skipped'].includes(record.state)) must(ours.length === 0, `${said}, but was sent`);
    if (record.state === 'failed')
      must(!isProven(record) || !ours.some(({ done }) => done), `${said}, but was done`);
  }
  if (operation.state === 'succeeded') {
    must(
      operation.steps.every(({ state }) => state === 'done' || state === 'skipped'),
      'a step was not done',
    );
    const probed = operation.steps.find(({ step }) => step.kind === 'write-probe');
    must(!probed || calls.some(({ kind, done }) => kind === 'writeProbe' && done), 'no write went through');
  }
  const { clusterNow = '' } = operation.conclusion ?? {};
  if (operation.state === 'failed' && readable && alarms.length > 0)
    must(!clusterNow.includes('No alarm is armed'), `an alarm is armed, and it says ${clusterNow}`);
  if (operation.state === 'failed' && alarms.length === 0)
    must(!clusterNow.includes('refuses every write'), `no alarm is armed, and it says ${clusterNow}`);
  return lies;
}

/** A member is at what this operation has sent it. */
function atWork({ cluster: { calls, members } }: Stage): boolean {
  const busy = members.filter(({ busyUntil, foreign }) => busyUntil !== null && !foreign);
  return busy.some(({ name }) =>
    calls.some(({ kind, member, done }) => kind === 'defragment' && member === name && done),
  );
}

/** Of these reading tells for certain. */
function isProven({ step }: StepRecord): boolean {
  return step.kind === 'compact' || step.kind === 'defragment';
}

/** Null: nobody can say. */
function wasDone({ cluster }: Stage, { step }: StepRecord): boolean | null {
  const { calls, members, kubernetes } = cluster;
  if (step.kind === 'compact')
    return members.every(({ up, compactedAt }) => !up || compactedAt >= step.revision);
  // By whomever.
  if (step.kind === 'defragment')
    return members.some(({ id, defragmented }) => id === step.memberId && defragmented > 0);
  if (step.kind === 'move-leader')
    return calls.some(({ kind, done }) => kind === 'moveLeader' && done) ? true : null;
  // None of its pods hangs any more but those that a budget protects, and whoever took their place runs.
  if (step.kind === 'restart-pods')
    return !kubernetes.pods.some(
      ({ uid, guarded, phase, name }) =>
        phase === 'Pending' &&
        guarded !== true &&
        (/-r\d+$/.test(name) || step.pods.some((pod) => pod.uid === uid)),
    );
  if (step.kind === 'write-probe') return calls.some(({ kind, done }) => kind === 'writeProbe' && done);
  return step.kind === 'disarm' ? calls.some(({ kind, done }) => kind === 'disarm' && done) : null;
}

const KIND_OF: Readonly<Partial<Record<string, CallKind>>> = {
  compact: 'compact',
  defragment: 'defragment',
  'move-leader': 'moveLeader',
  disarm: 'disarm',
  'write-probe': 'writeProbe',
  'restart-pods': 'evict',
};

function callsOf({ cluster: { calls, members } }: Stage, { step }: StepRecord): readonly Call[] {
  const name = step.kind === 'defragment' ? members.find(({ id }) => id === step.memberId)?.name : undefined;
  const uids = step.kind === 'restart-pods' ? step.pods.map(({ uid }) => uid) : null;
  return calls.filter(
    ({ kind, member, about }) =>
      kind === KIND_OF[step.kind] && (name ?? member) === member && (uids?.includes(about) ?? true),
  );
}
