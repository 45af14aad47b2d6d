import { describe, expect, it } from '@jest/globals';
import { known, unknown, valueOf, type Fact } from '../../src/domain/fact.js';

describe('a fact', () => {
  it('has a value where it was read', () => {
    expect(valueOf(known(0, 5, 2))).toBe(0);
    expect(known('x', 5, 2)).toEqual({ known: true, value: 'x', at: 5, tookMs: 2 });
  });

  it.each<[string, Fact<number> | undefined]>([
    ['could not be read', unknown('timeout', 'no answer within 1.5 s', 5)],
    ['was not asked for', undefined],
  ])('has none where it %s', (_case, fact) => {
    expect(valueOf(fact)).toBeUndefined();
  });

  it('says why it could not be read', () => {
    expect(unknown('tls', 'certificate has expired')).toMatchObject({
      code: 'tls',
      reason: 'certificate has expired',
    });
  });
});
