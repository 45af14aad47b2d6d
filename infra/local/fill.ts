import { setTimeout as delay } from 'node:timers/promises';
import type { Etcd3 } from 'etcd3';
import { calicoEntry } from './calico.js';
import { connect } from './connect.js';
import type { TlsFiles } from './tls.js';

export interface FillOptions {
  /** How many keys are written over and over. */
  keys?: number;
  valueBytes?: number;
  tls?: TlsFiles;
}

export interface Filled {
  writes: number;
  refusedWith: string;
}

const FULL = /database space exceeded/;

/** Writes as Calico does for short-lived pods, revision upon revision, until etcd refuses: its quota is used up. */
export async function fillUntilFull(endpoints: string[], options: FillOptions = {}): Promise<Filled> {
  const client = connect(endpoints, options.tls);
  const write = writing(client, options);
  let writes = 0;
  let refusedWith: string | undefined;

  async function worker(): Promise<void> {
    let failures = 0;
    while (refusedWith === undefined) {
      const error = await write().then(
        () => undefined,
        (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))),
      );
      if (!error) {
        failures = 0;
        writes++;
      } else if (FULL.test(error.message)) refusedWith = error.message;
      // A slow disk may cost a deadline or a leader now and then; more than that is not what the caller asked for.
      else if (++failures === 5) throw error;
    }
  }

  try {
    await Promise.all([worker(), worker(), worker(), worker()]);
  } finally {
    client.close();
  }
  return { writes, refusedWith: refusedWith ?? '' };
}

export interface WriterOptions extends FillOptions {
  writesPerSecond?: number;
}

export interface WriterStats {
  writes: number;
  refused: number;
  lastError?: string;
  lastOkAt?: number;
}

export interface Writer {
  stats(): WriterStats;
  /** Returns when the write under way has ended. */
  stop(): Promise<void>;
}

/** Writes all the time, as a live cluster does; while refused it keeps on trying, five times a second. */
export function startWriter(endpoints: string[], options: WriterOptions = {}): Writer {
  const client = connect(endpoints, options.tls);
  const write = writing(client, options);
  const stopping = new AbortController();
  const stats: WriterStats = { writes: 0, refused: 0 };

  async function attempt(): Promise<number> {
    try {
      await write();
      stats.writes++;
      stats.lastOkAt = Date.now();
      return 1000 / (options.writesPerSecond ?? 50);
    } catch (error) {
      stats.refused++;
      stats.lastError = (error as Error).message;
      return 200;
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const pause = await attempt();
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  const ended = loop();
  return {
    stats: () => ({ ...stats }),
    async stop() {
      stopping.abort();
      await ended;
      client.close();
    },
  };
}

function writing(client: Etcd3, { keys = 20, valueBytes = 16_384 }: FillOptions): () => Promise<unknown> {
  let count = 0;
  return async () => {
    const { key, value } = calicoEntry(count++ % keys, valueBytes);
    await client.put(key).value(value);
  };
}
