import type { Check, Observation } from '../domain/finding.js';
import { membersOf } from '../domain/members.js';
import { exceptFor, hasStatus, lines, statusesOf, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { grouped } from '../domain/units.js';

const check: Check = {
  title: 'Revision spread',
  why: 'Members that stay at different revisions serve different data',
  runbook: null,
  needs: ['status'],
  uses: ['members'],
  rank: 40,
  run,
};

const WIDE = 1000;

/** Learners are left out: they load the history first. */
function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot).filter((member) => member.role !== 'learner');
  const read = statusesOf(views);
  const [first] = read;
  if (!first) return [unseen('the status of any member', snapshot.facts.status)];
  const evidence = lines(views, (member) =>
    member.status.known ? `revision ${grouped(member.status.value.revision)}` : null,
  );
  if (read.length < 2) return [{ ...single(views.length, first.member.label), evidence }];
  const low = read.reduce((a, b) => (b.value.revision < a.value.revision ? b : a));
  const high = read.reduce((a, b) => (b.value.revision > a.value.revision ? b : a));
  const spread = high.value.revision - low.value.revision;
  if (spread <= WIDE) {
    const summary = `The members are within ${grouped(spread)} revisions${exceptFor(views, hasStatus)}`;
    return [{ severity: 'ok', summary, evidence }];
  }
  return [
    {
      severity: 'warning',
      summary: `${low.member.label} is ${grouped(spread)} revisions behind ${high.member.label}`,
      evidence: [
        ...evidence,
        'Members are not read in the same instant: under load a part of it is only time',
      ],
      advice: `Ask again; if the spread stays, look at ${low.member.label} and start no maintenance`,
    },
  ];
}

function single(members: number, label: string): Observation {
  if (members === 1) return { severity: 'ok', summary: 'One member: nothing to compare' };
  return { severity: 'unknown', summary: `Not known: only ${label} was read, there is nothing to compare` };
}

export default check;
