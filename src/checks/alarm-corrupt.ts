import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { membersOf } from '../domain/members.js';
import { holdersOf, names, statusesOf, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { isBefore, minorOf } from '../domain/version.js';

const check: Check = {
  title: 'CORRUPT alarm',
  why: 'Members hold different data, and each further change can spread the wrong copy',
  runbook: null,
  needs: ['alarms'],
  uses: ['members', 'status'],
  rank: 9,
  run,
};

const NO_PROOF =
  'No alarm is no proof: etcd compares its members only where corruption checks are switched on';

function run(snapshot: Snapshot): readonly Observation[] {
  if (!snapshot.facts.alarms?.known) return [unseen('the alarms', snapshot.facts.alarms)];
  const holders = holdersOf(snapshot, 'CORRUPT');
  if (holders.length > 0) return [corrupt(snapshot, holders), ...strange(snapshot)];
  return [calm(snapshot), ...strange(snapshot)];
}

function corrupt(snapshot: Snapshot, holders: readonly string[]): Observation {
  return {
    severity: 'critical',
    summary: `${snapshot.cluster} holds different data on its members (CORRUPT on ${names(holders)}): writes are refused`,
    evidence: [
      'Plain reads are still served, and may be wrong',
      'The alarm can name the wrong member: compare hashes at one revision before you decide',
    ],
    advice:
      'Do not compact, defragment or disarm: find the wrong member, remove it, wipe its data, add it again, then disarm',
  };
}

/** The alarm exists from 3.3 on: before that its absence says nothing. */
function calm(snapshot: Snapshot): Observation {
  const versions = statusesOf(membersOf(snapshot)).map(({ value }) => value.version);
  const old = versions.find((version) => isBefore(version, '3.3.0'));
  if (old === undefined) return { severity: 'ok', summary: 'No CORRUPT alarm', evidence: [NO_PROOF] };
  return {
    severity: 'info',
    summary: `etcd ${minorOf(old)} has no CORRUPT alarm: corruption would go unnoticed`,
    advice: 'Upgrade to a supported minor, one minor at a time',
  };
}

function strange(snapshot: Snapshot): readonly Observation[] {
  const kinds = (valueOf(snapshot.facts.alarms)?.alarms ?? []).map((alarm) => alarm.kind);
  if (!kinds.includes('UNKNOWN')) return [];
  return [
    {
      severity: 'unknown',
      summary: `An alarm of a kind that is not known here is raised on ${names(holdersOf(snapshot, 'UNKNOWN'))}`,
      advice: 'Read it with `etcdctl alarm list` before any maintenance',
    },
  ];
}

export default check;
