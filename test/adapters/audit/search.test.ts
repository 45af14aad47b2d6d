import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chainKey, makeChain } from '../../../src/adapters/audit/chain.js';
import { STREAM } from '../../../src/adapters/audit/stream.js';
import { auditLine, type AuditEvent, type AuditFilter } from '../../../src/domain/audit.js';
import { oneRedis } from '../../redis.js';
import { KEY, makeBench, type Bench } from './support.js';

const redis = oneRedis();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** An hour after midnight. */
const NOW = Math.floor(Date.now() / DAY) * DAY + HOUR;
const MIDNIGHT = NOW - HOUR;

const EVENTS: readonly (Omit<AuditEvent, 'at'> & { readonly ago: number })[] = [
  { ago: 50 * HOUR, event: 'operation.proposed', who: 'U1', cluster: 'prod' },
  { ago: 26 * HOUR, event: 'process.started' },
  { ago: 25 * HOUR, event: 'operation.approved', who: 'U2', cluster: 'prod' },
  { ago: 2 * HOUR, event: 'operation.approved', who: 'U2', cluster: 'other' },
  { ago: HOUR, event: 'changes.paused', who: 'U1' },
  { ago: 1000, event: 'command.refused', who: 'U3' },
  { ago: 0, event: 'changes.paused', who: 'U1', cluster: '*' },
];

let bench: Bench;

beforeEach(async () => {
  bench = await makeBench();
  const chain = makeChain(chainKey(KEY), 'c1');
  for (const { ago, ...event } of EVENTS) {
    const at = NOW - ago;
    await put(auditLine(chain.next({ at, ...event })), at);
  }
});

afterEach(async () => {
  await bench.remove();
});

async function put(line: string, at: number): Promise<void> {
  await redis.client.xadd(STREAM, `${String(at)}-*`, 'entry', line);
}

async function search(filter: Partial<AuditFilter>): Promise<readonly number[]> {
  const trail = bench.audit(redis.client);
  const entries = await trail.read({ clusters: [], general: [], limit: 100, ...filter });
  return entries.map(({ seq }) => seq);
}

describe('the trail', () => {
  it.each<[string, Partial<AuditFilter>, readonly number[]]>([
    ['of one cluster', { clusters: ['prod'] }, [3, 1]],
    ['of several, newest first', { clusters: ['prod', 'other', '*'] }, [7, 4, 3, 1]],
    ['of what names no cluster, by its beginning', { general: ['process.', 'changes.'] }, [5, 2]],
    ['of nothing in particular: nothing', {}, []],
    ['by person', { clusters: ['prod', 'other'], who: 'U2' }, [4, 3]],
    [
      'of today',
      { clusters: ['prod', '*'], general: ['changes.'], from: MIDNIGHT, until: MIDNIGHT + DAY },
      [7, 5],
    ],
    ['of yesterday', { clusters: ['prod', 'other'], from: MIDNIGHT - DAY, until: MIDNIGHT }, [4, 3]],
    ['of a day on which nothing happened', { clusters: ['prod'], from: 0, until: DAY }, []],
    ['up to a limit', { clusters: ['prod', 'other', '*'], limit: 2 }, [7, 4]],
  ])('is searched: %s', async (_title, filter, expected) => {
    expect(await search(filter)).toEqual(expected);
  });

  it('has what came late under its own time', async () => {
    const late = makeChain(chainKey(KEY), 'c2').next({
      at: NOW - 3 * HOUR,
      event: 'step.done',
      cluster: 'prod',
    });
    await put(auditLine(late), NOW + 1);
    expect(await search({ clusters: ['prod'], from: MIDNIGHT - DAY, until: MIDNIGHT })).toEqual([1, 3]);
  });

  it('is searched as far back as it takes', async () => {
    const chain = makeChain(chainKey(KEY), 'c3');
    for (let index = 0; index < 1200; index++)
      await put(auditLine(chain.next({ at: NOW, event: 'step.done', cluster: 'busy' })), NOW + 1);
    expect(await search({ clusters: ['prod'] })).toEqual([3, 1]);
    expect(await search({ clusters: ['busy'], limit: 1001 })).toHaveLength(1001);
  });

  it('has nothing that somebody else has put there, and the log says so', async () => {
    const forged = makeChain(chainKey('another key'), 'c1').next({
      at: NOW,
      event: 'operation.denied',
      cluster: 'prod',
    });
    await put(auditLine(forged), NOW + 1);
    await redis.client.xadd(STREAM, '*', 'something', 'else');
    expect(await search({ clusters: ['prod'] })).toEqual([3, 1]);
    expect(bench.logged).toMatchObject([{ level: 'error', fields: { foreign: 2 } }]);
  });
});
