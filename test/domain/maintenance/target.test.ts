import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../../src/domain/fact.js';
import { whenSafe } from '../../../src/domain/maintenance/target.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import { full, healthy, withUnreachable } from '../../facts.js';

const good = full(healthy());

/** What comes of a precondition that sees these one after the other, and how often it looked. */
async function seen(...looks: Snapshot[]): Promise<{ go: string; looks: number }> {
  let look = 0;
  const examine = async (): Promise<Snapshot> => looks[Math.min(look++, looks.length - 1)]!;
  const { go } = await whenSafe({ examine }, () => ({ go: 'act', evidence: {} }));
  return { go, looks: look };
}

function slow(): Snapshot {
  const status = good.facts.status;
  if (!status?.known) throw new Error('no status');
  const late = unknown('timeout', 'no answer within 1.5 s');
  const value = status.value.map((entry, index) => (index === 1 ? { ...entry, fact: late } : entry));
  return { ...good, facts: { ...good.facts, status: { ...status, value } } };
}

describe('before an act', () => {
  it.each<[string, Snapshot[], { go: string; looks: number }]>([
    ['goes on where everybody answers', [good], { go: 'act', looks: 1 }],
    ['looks again where one answer came late', [slow(), good], { go: 'act', looks: 2 }],
    ['stops where a member stays silent', [slow()], { go: 'stop', looks: 3 }],
    ['stops at once where nobody listens', [withUnreachable(good, 'm2')], { go: 'stop', looks: 1 }],
  ])('it %s', async (_case, looks, expected) => {
    expect(await seen(...looks)).toEqual(expected);
  });
});
