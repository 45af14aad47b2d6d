import { describe, expect, it } from '@jest/globals';
import { isBefore, minorOf, partsOf } from '../../src/domain/version.js';

describe('versions', () => {
  it.each([
    ['3.5.16', [3, 5, 16]],
    ['v3.4.0', [3, 4, 0]],
    ['3.6.0-rc.1', [3, 6, 0]],
    ['3.5', null],
    ['3.5.1.2', null],
    ['', null],
  ])('%s: %j', (text, parts) => {
    expect(partsOf(text)).toEqual(parts);
  });

  it.each([
    ['3.5.9', '3.5.10', true],
    ['3.5.10', '3.5.9', false],
    ['3.5.9', '3.5.9', false],
    ['3.4.45', '3.5.0', true],
    ['4.0.0', '3.9.9', false],
    ['nothing', '3.5.0', false],
  ])('%s is before %s: %s', (a, b, before) => {
    expect(isBefore(a, b)).toBe(before);
  });

  it('has a minor', () => {
    expect(minorOf('3.5.16')).toBe('3.5');
    expect(minorOf('nothing')).toBe('nothing');
  });
});
