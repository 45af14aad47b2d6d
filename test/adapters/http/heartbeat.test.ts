import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { makeHeartbeat } from '../../../src/adapters/http/heartbeat.js';
import { failureOf } from '../../redis.js';
import { oneListener } from '../pagers/listener.js';

const listener = oneListener();
const beat = (timeoutMs = 5000): Promise<void> =>
  makeHeartbeat({ url: { reveal: () => `${listener.url}/s3cret?x=1` }, timeoutMs }).beat();

describe('a heartbeat', () => {
  it('calls the URL by GET', async () => {
    await beat();
    expect(listener.heard).toMatchObject([{ method: 'GET', path: '/s3cret?x=1', body: '' }]);
  });

  it.each([
    ['refused', () => listener.replies(404), 'failed', false],
    ['failed over there', () => listener.replies(500), 'unavailable', true],
    ['not answered', () => listener.replies(() => undefined), 'timeout', true],
    ['broken off', () => listener.replies((response) => response.destroy()), 'unavailable', true],
  ] as const)('that is %s fails, and does not tell the URL', async (_, prepare, code, retryable) => {
    prepare();
    const { error } = await failureOf(beat(200));
    expect(error).toMatchObject({ code, retryable });
    expect(inspect(error, { depth: 9 })).not.toContain('s3cret');
  });
});
