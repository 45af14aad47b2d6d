import { describe, expect, test } from '@jest/globals';
import { approvalsMessage } from '../../../src/slack/blocks/approvals.js';
import { NOW } from '../../facts.js';
import { pendingFix } from '../../operations.js';

function waiting(count: number, reason = 'pods of the night batch do not start') {
  return Array.from({ length: count }, (_, index) => pendingFix({ id: `op-${String(index)}`, reason }));
}

function shown(count: number, reason?: string): { approvable: number; more: number } {
  const message = approvalsMessage({ here: waiting(count, reason), elsewhere: [] }, NOW);
  expect(message.file).toBeUndefined();
  const words = JSON.stringify(message.blocks);
  const more = Number(/\+(\d+) more/.exec(words)?.[1] ?? 0);
  return { approvable: words.match(/operation\.approve/g)?.length ?? 0, more };
}

describe('what waits for one person', () => {
  // Nobody else sees it, so it can have no file beside it.
  test.each([
    [1, 1],
    [10, 10],
    [30, 10],
  ])('of %d operations %d can be decided there, and the rest is counted', (count, approvable) => {
    expect(shown(count)).toEqual({ approvable, more: count - approvable });
  });

  test('long reasons make it fewer, never a file', () => {
    const { approvable, more } = shown(12, 'x<&>'.repeat(125));
    expect(approvable + more).toBe(12);
    expect(approvable).toBeGreaterThan(3);
  });
});
