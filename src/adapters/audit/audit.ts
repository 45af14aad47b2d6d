import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { auditLine, type Audit, type AuditTrail } from '../../domain/audit.js';
import type { Clock, Ids, Log } from '../../domain/ports.js';
import { systemClock } from '../system.js';
import { chainKey, makeChain } from './chain.js';
import { appendLines } from './file.js';
import { Sink } from './sink.js';
import { appendToStream, readHeads, searchStream } from './stream.js';

export interface AuditDeps {
  readonly file: string;
  /** STEWARD_KEY. */
  readonly key: string;
  readonly redis: Redis;
  readonly log: Log;
  readonly ids: Ids;
  readonly clock?: Clock;
}

/** Entries that the file or the stream lacks for the time being, kept in memory. */
const MOST_WAITING = 10_000;

/** As it stands in the head of a chain: files of the same name are on every machine. */
export function placeOf(file: string): string {
  return `${hostname()}:${file}`;
}

/**
 * The audit trail of one process: JSON lines in a file, and the same in a Redis stream, as one keyed hash chain. The caller
 * waits for the file alone. Whatever fails is logged, tried again, and never fails the work that it tells of: a full disk
 * must not stop the mending of a cluster.
 */
export function makeAudit(deps: AuditDeps): Audit & AuditTrail & { close(): Promise<void> } {
  const { redis, log, clock = systemClock } = deps;
  const key = chainKey(deps.key);
  const chain = makeChain(key, deps.ids.next());
  const common = { log, clock, most: MOST_WAITING };
  const file = fileSink(deps.file, common);
  const stream = streamSink(deps, common);
  return {
    async record(event) {
      const entry = chain.next(event);
      // First the file: a crash between the two must not look as if its end had been cut off.
      await file.put(entry);
      void stream.put(entry);
    },
    async read(filter) {
      const { entries, foreign } = await searchStream(redis, key, filter);
      if (foreign > 0)
        log.error({ foreign }, 'the audit stream has entries that were not written with this STEWARD_KEY');
      return entries;
    },
    heads: () => readHeads(redis, clock.now()),
    async close() {
      await Promise.all([file.close(), stream.close()]);
    },
  };
}

interface Common {
  readonly log: Log;
  readonly clock: Clock;
  readonly most: number;
}

function fileSink(file: string, common: Common): Sink {
  return new Sink({
    ...common,
    name: 'the audit file',
    write: (entries) => appendLines(file, entries.map(auditLine)),
    late: (entry, error) => {
      common.log.error({ err: error, audit: entry }, 'the audit file could not be written');
    },
  });
}

function streamSink({ redis, file }: AuditDeps, common: Common): Sink {
  const place = placeOf(file);
  return new Sink({
    ...common,
    name: 'the audit stream',
    async write(entries) {
      await appendToStream(redis, entries, place);
      return entries.length;
    },
    late: ({ chain, seq, event }, error) => {
      common.log.warn({ err: error, chain, seq, event }, 'an audit entry is not in the Redis stream yet');
    },
  });
}
