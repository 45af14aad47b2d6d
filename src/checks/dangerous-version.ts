import { defectsOf, type Defect } from '../domain/defects.js';
import type { Check, Observation } from '../domain/finding.js';
import { membersOf } from '../domain/members.js';
import { exceptFor, hasStatus, lines, names, statusesOf, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { isBefore } from '../domain/version.js';

const check: Check = {
  title: 'Dangerous version',
  why: 'Some versions of etcd have defects that hurt exactly when the database is full or defragmented',
  runbook: null,
  needs: ['status'],
  uses: ['members'],
  rank: 50,
  run,
};

function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot);
  const read = statusesOf(views);
  if (read.length === 0) return [unseen('the version of any member', snapshot.facts.status)];
  const versions = [...new Set(read.map(({ value }) => value.version))];
  const found = versions.flatMap((version) => {
    const labels = read.filter(({ value }) => value.version === version).map(({ member }) => member.label);
    return observe(`${names(labels)} ${labels.length === 1 ? 'runs' : 'run'} ${version}`, defectsOf(version));
  });
  if (found.length > 0) return found;
  const evidence = lines(views, (member) =>
    member.status.known ? `etcd ${member.status.value.version}` : null,
  );
  return [
    { severity: 'ok', summary: `No known defect that matters here${exceptFor(views, hasStatus)}`, evidence },
  ];
}

/** Warnings one by one; what is merely good to know in one observation, for a phone's sake. */
function observe(subject: string, defects: readonly Defect[]): readonly Observation[] {
  const loud = defects.filter((one) => one.severity !== 'info');
  const quiet = defects.filter((one) => one.severity === 'info');
  const shown = loud.map((one) => ({
    severity: one.severity,
    summary: `${subject}: ${one.summary}`,
    advice: one.fixedIn === null ? one.advice : `${one.advice} (fixed in ${one.fixedIn})`,
  }));
  const [first] = quiet;
  if (!first) return shown;
  return [...shown, quiet.length === 1 ? single(subject, first) : several(subject, quiet)];
}

function single(subject: string, defect: Defect): Observation {
  const { severity, summary, fixedIn, advice } = defect;
  return { severity, summary: `${subject}: ${summary}`, evidence: fixedLine(fixedIn), advice };
}

function several(subject: string, defects: readonly Defect[]): Observation {
  const evidence = defects.map(
    (one) => `${one.summary}${one.fixedIn === null ? '' : `, fixed in ${one.fixedIn}`}`,
  );
  const summary = `${subject}, which has ${String(defects.length)} known defects`;
  return { severity: 'info', summary, evidence, advice: upgrade(defects) };
}

function upgrade(defects: readonly Defect[]): string {
  const leave = defects.find((one) => one.fixedIn === null);
  if (leave) return leave.advice;
  const newest = defects.reduce(
    (a, { fixedIn }) => (fixedIn !== null && (a === '' || isBefore(a, fixedIn)) ? fixedIn : a),
    '',
  );
  return `Upgrade to ${newest} or later when the cluster is calm`;
}

function fixedLine(fixedIn: string | null): readonly string[] {
  return fixedIn === null ? [] : [`Fixed in ${fixedIn}`];
}

export default check;
