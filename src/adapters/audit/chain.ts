import { createHmac, timingSafeEqual } from 'node:crypto';
import { auditLine, type AuditEntry, type AuditEvent } from '../../domain/audit.js';
import { no, yes, type Verdict } from '../../domain/errors.js';
import { canonical, plainOf } from './canonical.js';

/** The chains have a key of their own, made from STEWARD_KEY: what is signed for one purpose fits no other. */
export function chainKey(key: string): Buffer {
  return createHmac('sha256', key).update('etcd-steward audit v1').digest();
}

type Unsigned = Omit<AuditEntry, 'mac'>;

/** Over all of an entry but the `mac` itself, `prev` among it. */
function macOf(key: Buffer, entry: Unsigned): string {
  const line = JSON.parse(auditLine({ ...entry, mac: '' })) as Readonly<Record<string, unknown>>;
  return macOver(key, line);
}

function macOver(key: Buffer, { mac: _mac, ...rest }: Readonly<Record<string, unknown>>): string {
  return createHmac('sha256', key).update(canonical(rest)).digest('hex');
}

/** The links of one process, in the order of the calls. */
export interface Chain {
  next(event: AuditEvent): AuditEntry;
}

export function makeChain(key: Buffer, chain: string): Chain {
  let seq = 0;
  let prev = '';
  return {
    next(event) {
      const unsigned = { ...writable(event), chain, seq: seq + 1, prev };
      const entry = { ...unsigned, mac: macOf(key, unsigned) };
      [seq, prev] = [entry.seq, entry.mac];
      return entry;
    },
  };
}

/** What happened is written down in any case, if need be without what can't be. */
function writable(event: AuditEvent): AuditEvent {
  try {
    return dated(plainOf(event));
  } catch {
    const { event: name, who, cluster, operation, planHash, why } = event;
    const detail = { lost: 'the details could not be written as JSON' };
    return dated(plainOf({ at: event.at, event: name, who, cluster, operation, planHash, why, detail }));
  }
}

/** A moment that is none would keep the entry from being written. */
function dated(event: AuditEvent): AuditEvent {
  const at = new Date(event.at).getTime();
  return { ...event, at: Number.isNaN(at) ? 0 : at };
}

const HEX = /^[0-9a-f]{64}$/;

/**
 * The entry of a line that was written with this key, and is as it was written to the last character: a name that stands
 * in it twice would be read one way by us, and another by a person.
 */
export function readEntry(key: Buffer, line: string): Verdict<AuditEntry> {
  const parsed = parsedOf(line);
  if (parsed === null) return no('it can’t be read');
  const { mac, prev, at, chain, seq } = parsed;
  const shaped = typeof mac === 'string' && HEX.test(mac) && typeof prev === 'string';
  if (!shaped || typeof at !== 'string' || typeof chain !== 'string' || typeof seq !== 'number')
    return no('it is no entry of a chain');
  if (!same(mac, expectedOf(key, parsed)) || JSON.stringify(parsed) !== line)
    return no('it was changed, or written with another STEWARD_KEY');
  return yes({ ...(parsed as unknown as AuditEntry), at: Date.parse(at) });
}

/** None of ours is nested so deep that it can't be written again. */
function expectedOf(key: Buffer, parsed: Readonly<Record<string, unknown>>): string {
  try {
    return macOver(key, parsed);
  } catch {
    return '';
  }
}

/** What a line says of itself, whether it is true or not; null: it can't be read. */
export function parsedOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}

function same(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
