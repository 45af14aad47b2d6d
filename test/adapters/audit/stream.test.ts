import { expect, it } from '@jest/globals';
import { appendToStream, HEADS, STREAM } from '../../../src/adapters/audit/stream.js';
import type { AuditEntry } from '../../../src/domain/audit.js';
import { oneRedis } from '../../redis.js';

const redis = oneRedis();

function entries(from: number, to: number): readonly AuditEntry[] {
  const count = to - from + 1;
  return Array.from({ length: count }, (_, index) => {
    const seq = from + index;
    return { chain: 'c', seq, prev: '', mac: `mac ${String(seq)}`, at: seq, event: 'step.done' };
  });
}

async function seqs(): Promise<readonly number[]> {
  const found = await redis.client.xrange(STREAM, '-', '+');
  return found.map(([, [, line = '']]) => (JSON.parse(line) as { seq: number }).seq);
}

it('writes several entries at once, and those whose answer was lost only once', async () => {
  const append = (from: number, to: number) => appendToStream(redis.client, entries(from, to), 'file');
  await append(1, 3);
  await append(1, 3);
  await append(2, 5);
  await append(6, 6);
  expect(await seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(JSON.parse((await redis.client.hget(HEADS, 'c')) ?? '')).toMatchObject({ seq: 6, mac: 'mac 6' });
});
