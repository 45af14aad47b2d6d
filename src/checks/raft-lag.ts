import type { Check, Observation, Severity } from '../domain/finding.js';
import type { MemberStatus, Snapshot } from '../domain/snapshot.js';
import { membersOf, type MemberView } from '../domain/members.js';
import {
  exceptFor,
  hasStatus,
  lines,
  names,
  namesAre,
  statusesOf,
  unseen,
  type Reading,
} from '../domain/readings.js';
import { grouped } from '../domain/units.js';

const check: Check = {
  title: 'Raft lag',
  why: 'A member that applies late serves old data, and at 5,000 entries it refuses new requests',
  runbook: null,
  needs: ['status'],
  uses: ['members'],
  rank: 15,
  run,
};

const LATE = 1000;
/** etcd's own limit between committed and applied: beyond it a server answers "too many requests". */
const REFUSED = 5000;

interface Lag extends Reading<MemberStatus> {
  readonly entries: number;
}

/** Learners lag by nature while they load, and have their own check. */
function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot).filter((member) => member.role !== 'learner');
  const read = statusesOf(views);
  if (read.length === 0) return [unseen('the status of any member', snapshot.facts.status)];
  const newest = Math.max(...read.map(({ value }) => value.raftIndex));
  const lags = read.map((one) => ({
    ...one,
    entries: newest - (one.value.appliedIndex ?? one.value.raftIndex),
  }));
  const evidence = [
    ...lines(views, (member) => line(member, newest)),
    'Members are not read in the same instant: under load a few hundred entries mean nothing',
  ];
  if (read.length === 1 && read[0]?.value.appliedIndex === null) return [{ ...alone(), evidence }];
  return [{ ...judge(lags, exceptFor(views, hasStatus)), evidence }];
}

function judge(lags: readonly Lag[], blind: string): Observation {
  const most = Math.max(...lags.map((lag) => lag.entries));
  const severity = severityOf(most);
  if (severity === 'ok') return { severity, summary: `At most ${grouped(most)} entries behind${blind}` };
  const late = lags.filter((lag) => lag.entries > LATE).map((lag) => lag.member.label);
  const limit = severity === 'critical' ? `; etcd refuses requests beyond ${grouped(REFUSED)}` : '';
  return {
    severity,
    summary: `${namesAre(late)} up to ${grouped(most)} raft entries behind${limit}`,
    advice: `Look at disk and network of ${names(late)}, and start no maintenance before it has caught up`,
  };
}

function severityOf(entries: number): Severity {
  if (entries > REFUSED) return 'critical';
  return entries > LATE ? 'warning' : 'ok';
}

function alone(): Observation {
  return {
    severity: 'unknown',
    summary: 'Not known: one member was read, and it does not say what it has applied',
  };
}

function line(member: MemberView, newest: number): string | null {
  if (!member.status.known) return null;
  const { raftIndex, appliedIndex } = member.status.value;
  const applied =
    appliedIndex === null ? 'applied not told before etcd 3.4' : `applied ${grouped(appliedIndex)}`;
  return `index ${grouped(raftIndex)} (${grouped(newest - raftIndex)} behind the newest), ${applied}`;
}

export default check;
