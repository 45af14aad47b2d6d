import { valueOf } from '../fact.js';
import { membersOf } from '../members.js';
import { holdersOf, names, statusesOf } from '../readings.js';
import type { Snapshot } from '../snapshot.js';
import { duration } from '../units.js';
import { partOf } from './words.js';

/**
 * Whether a cluster takes writes, as far as is known. Only what refuses writes may be blamed for a pod.
 * - `full`: NOSPACE, or a test write was refused for space; `refusing`: it refuses for another reason
 * - `fine`: the alarms were read and there is none, a leader is known, and no test write was refused
 */
export interface EtcdState {
  readonly kind: 'full' | 'refusing' | 'fine' | 'unknown';
  /** Part of a sentence: what it rests on. */
  readonly because: string;
  /** A test write went through. */
  readonly proven: boolean;
}

const FULL = /database space exceeded/;

export function etcdStateOf(snapshot: Snapshot): EtcdState {
  const holders = holdersOf(snapshot, 'NOSPACE');
  if (holders.length > 0) return state('full', `NOSPACE on ${names(holders)}`);
  const probe = valueOf(snapshot.facts['write-probe']);
  if (probe?.accepted === false) {
    const words = probe.refusedWith ?? 'no reason given';
    return state(FULL.test(words) ? 'full' : 'refusing', `a test write was refused: ${partOf(words)}`);
  }
  const corrupt = holdersOf(snapshot, 'CORRUPT');
  if (corrupt.length > 0) return state('refusing', `CORRUPT on ${names(corrupt)}`);
  const statuses = statusesOf(membersOf(snapshot));
  if (statuses.length > 0 && statuses.every(({ value }) => value.leaderId === '0'))
    return state('refusing', 'no member knows a leader');
  if (probe?.accepted === true)
    return { ...state('fine', `a test write was accepted in ${duration(probe.tookMs)}`), proven: true };
  const { alarms } = snapshot.facts;
  if (!alarms?.known)
    return state('unknown', `the alarms could not be read (${partOf(alarms?.reason ?? 'not asked for')})`);
  return state('fine', 'no NOSPACE alarm; no write was tried');
}

function state(kind: EtcdState['kind'], because: string): EtcdState {
  return { kind, because, proven: false };
}
