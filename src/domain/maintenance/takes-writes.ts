import { no, type Refusal } from '../errors.js';
import { valueOf } from '../fact.js';
import { holdersOf, names } from '../readings.js';
import type { Snapshot } from '../snapshot.js';
import { leaderOf } from './voters.js';

/**
 * Why new pods would get no address from this etcd, as far as it says so itself; null: it takes writes. Less than `unsafe`
 * asks for: whoever does nothing to etcd itself need not wait for a member that is down.
 */
export function refusesWrites(snapshot: Snapshot): Refusal | null {
  return unreadAlarms(snapshot) ?? armed(snapshot) ?? leaderless(snapshot);
}

function unreadAlarms({ facts: { alarms } }: Snapshot): Refusal | null {
  if (alarms?.known) return null;
  return no(
    `Alarms could not be read (${alarms?.reason ?? 'not asked'}), so whether etcd takes writes is not known.`,
    ['Mend the access to etcd first: `/etcd diagnose` names the member and the reason.'],
  );
}

function armed(snapshot: Snapshot): Refusal | null {
  const kinds = new Set((valueOf(snapshot.facts.alarms)?.alarms ?? []).map(({ kind }) => kind));
  const [kind] = kinds;
  if (kind === undefined) return null;
  const said = `etcd still refuses writes: ${[...kinds].map((one) => `${one} on ${names(holdersOf(snapshot, one))}`).join(', ')}. New pods would hang as well.`;
  const fix = `Fix it first: \`/etcd fix ${snapshot.cluster}\`.`;
  return no(said, [kinds.size === 1 && kind === 'NOSPACE' ? fix : '`/etcd diagnose` says what to do first.']);
}

function leaderless(snapshot: Snapshot): Refusal | null {
  if (leaderOf(snapshot)) return null;
  return {
    ...no('No member of etcd is seen to lead, so nothing can be written.', [
      '`/etcd diagnose` shows who answers and who does not.',
    ]),
    passes: true,
  };
}
