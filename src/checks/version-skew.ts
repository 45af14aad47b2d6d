import type { Check, Observation } from '../domain/finding.js';
import { membersOf } from '../domain/members.js';
import { exceptFor, hasStatus, lines, names, statusesOf, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { minorOf } from '../domain/version.js';

const check: Check = {
  title: 'Version skew',
  why: 'Members of different versions are meant for the hours of an upgrade, not for longer',
  runbook: null,
  needs: ['status'],
  uses: ['members'],
  rank: 55,
  run,
};

function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot);
  const read = statusesOf(views);
  if (read.length === 0) return [unseen('the status of any member', snapshot.facts.status)];
  const evidence = lines(views, (member) =>
    member.status.known ? `etcd ${member.status.value.version}` : null,
  );
  const versions = [...new Set(read.map(({ value }) => value.version))].sort();
  if (versions.length === 1) {
    return [
      { severity: 'ok', summary: `All run etcd ${names(versions)}${exceptFor(views, hasStatus)}`, evidence },
    ];
  }
  return [{ ...skew(versions), evidence }];
}

function skew(versions: readonly string[]): Observation {
  const summary = `The members run etcd ${names(versions)}`;
  if (new Set(versions.map(minorOf)).size === 1) {
    return { severity: 'info', summary, advice: 'Bring all members to one version' };
  }
  return { severity: 'warning', summary, advice: 'Finish the upgrade, and start no maintenance meanwhile' };
}

export default check;
