import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeNoticeStore } from '../../src/adapters/redis/notices.js';
import type { AuditHead, OutboxEntry } from '../../src/domain/ports.js';
import { postHeads } from '../../src/engine/post-heads.js';
import { oneRedis } from '../redis.js';

const redis = oneRedis();
const NOW = Date.parse('2026-11-23T06:00:00Z');
const HOUR = 3_600_000;

function head(chain: string, seq: number, ago: number): AuditHead {
  return { chain, seq, mac: '0123456789abcdef'.repeat(4), at: NOW - ago };
}

let now: number;
let put: OutboxEntry[];
let logged: string[];

beforeEach(() => {
  [now, put, logged] = [NOW, [], []];
});

async function post(heads: readonly AuditHead[], alertsChannel: string | null = 'C0ALERTS'): Promise<void> {
  const log = (_fields: unknown, message: string): void => void logged.push(message);
  await postHeads({
    trail: { read: async () => [], heads: async () => heads },
    notices: makeNoticeStore(redis.client),
    outbox: { put: async (entry) => void put.push(entry) },
    clock: { now: () => now, pause: async () => undefined },
    log: { info: log, warn: log, error: log },
    alertsChannel,
  });
}

const notice = (id: string) => makeNoticeStore(redis.client).load(id);

describe('where the chains stand', () => {
  it('is posted with all that wrote within two days, the newest first', async () => {
    await post([
      head('aaaaaaaa1111', 7, 47 * HOUR),
      head('bbbbbbbb2222', 812, 60_000),
      head('old', 3, 49 * HOUR),
    ]);
    expect(put).toEqual([{ kind: 'notice', id: 'heads-2026-11-23', version: 1 }]);
    expect(await notice('heads-2026-11-23')).toEqual({
      id: 'heads-2026-11-23',
      version: 1,
      channel: 'C0ALERTS',
      title: 'Audit trail, 2026-11-23: where its chains stand',
      lines: [
        '`bbbbbbbb:812:0123456789abcdef` last entry 2026-11-23 05:59 UTC',
        '`aaaaaaaa:7:0123456789abcdef` last entry 2026-11-21 07:00 UTC',
        'To prove that nothing up to here was changed: `etcd-steward audit verify --head` and these.',
      ],
    });
  });

  it('is posted once a day, however often the job runs', async () => {
    await post([head('aaaaaaaa1111', 7, 0)]);
    await post([head('aaaaaaaa1111', 9, 0)]);
    expect(new Set(put.map(({ id, version }) => `${id} ${String(version)}`)).size).toBe(1);
    expect((await notice('heads-2026-11-23'))?.lines[0]).toContain('aaaaaaaa:7:');
    now += 24 * HOUR;
    await post([head('aaaaaaaa1111', 9, -24 * HOUR)]);
    expect(put.at(-1)).toMatchObject({ id: 'heads-2026-11-24' });
  });

  it('is posted nowhere where no channel is configured', async () => {
    await post([head('aaaaaaaa1111', 7, 0)], null);
    expect(put).toEqual([]);
  });

  it('is not posted where no chain is known, and the log says so', async () => {
    await post([head('aaaaaaaa1111', 7, 100 * HOUR)]);
    expect(put).toEqual([]);
    expect(logged).toHaveLength(1);
  });

  it('is kept for a quarter of a year', async () => {
    await post([head('aaaaaaaa1111', 7, 0)]);
    expect(await redis.client.ttl('{steward}:notice:heads-2026-11-23')).toBeGreaterThan(89 * 86_400);
    expect(await notice('heads-2026-11-22')).toBeNull();
  });
});
