import { describe, expect, it } from '@jest/globals';
import { memberCalled } from '../../../src/domain/maintenance/which-member.js';
import { healthy, IDS, listed, read, withFact, withListed } from '../../facts.js';

const hex = BigInt(IDS[1]!).toString(16);

describe('a member is known', () => {
  it.each([
    ['by its name', 'm2'],
    ['by its id in hex', hex],
    ['by its id in hex, as others write it', `0x${hex.toUpperCase()}`],
  ])('%s', (_how, word) => {
    expect(memberCalled(healthy(), word)).toMatchObject({ ok: true, value: { id: IDS[1], label: 'm2' } });
  });
});

describe('a member is not known', () => {
  const twins = withFact(
    healthy(),
    'members',
    read(IDS.slice(0, 3).map((id, index) => ({ ...listed(id, index), name: index === 0 ? 'm1' : 'twin' }))),
  );

  it.each([
    ['with what was meant', healthy(), 'm22', /no member “m22”/, /Did you mean `m2`\?.*m1, m2 and m3/],
    ['with the list', healthy(), 'elsewhere', /no member “elsewhere”/, /^Its members are m1, m2 and m3\.$/],
    ['by its id as a decimal', healthy(), IDS[1]!, /no member/, /./],
    ['where two have the same name', twins, 'twin', /More than one member/, new RegExp(hex)],
    [
      'where no endpoint leads to it',
      withListed(healthy(), { name: 'm4' }),
      'm4',
      /No configured endpoint/,
      /^$/,
    ],
  ])('%s', (_how, snapshot, word, reason, instead) => {
    const found = memberCalled(snapshot, word);
    if (found.ok) throw new Error('it was found');
    expect(found.reason).toMatch(reason);
    expect((found.instead ?? []).join(' ')).toMatch(instead);
  });
});
