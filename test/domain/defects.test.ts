import { describe, expect, it } from '@jest/globals';
import { defectsOf, forbidsDefragment } from '../../src/domain/defects.js';

/** First version with the defect, last one with it, first one without. */
const RANGES = [
  ['inconsistent-after-crash', '3.5.0', '3.5.5', '3.5.6'],
  ['corrupt-after-defragmentation', '3.2.0', '3.2.28', '3.2.29'],
  ['corrupt-after-defragmentation', '3.3.0', '3.3.18', '3.3.19'],
  ['corrupt-after-defragmentation', '3.4.0', '3.4.3', '3.4.4'],
  ['deletes-refused-when-full', '3.3.0', '3.4.19', '3.4.20'],
  ['deletes-refused-when-full', '3.5.0', '3.5.6', '3.5.7'],
  ['revision-goes-back', '3.4.0', '3.4.31', '3.4.32'],
  ['revision-goes-back', '3.5.0', '3.5.13', '3.5.14'],
  ['crash-on-defragmentation-error', '3.4.0', '3.4.34', '3.4.35'],
  ['crash-on-defragmentation-error', '3.5.0', '3.5.16', '3.5.17'],
  ['corrupt-while-joining', '3.4.0', '3.4.37', '3.4.38'],
  ['corrupt-while-joining', '3.5.0', '3.5.22', '3.5.23'],
  ['corrupt-while-joining', '3.6.0', '3.6.4', '3.6.5'],
] as const;

function ids(version: string): readonly string[] {
  return defectsOf(version).map((one) => one.id);
}

describe('defects by version', () => {
  it.each(RANGES)('%s: from %s to %s, fixed in %s', (...[id, from, last, fixed]) => {
    expect(ids(from)).toContain(id);
    expect(ids(last)).toContain(id);
    expect(ids(fixed)).not.toContain(id);
    expect(defectsOf(last).find((one) => one.id === id)?.fixedIn).toBe(fixed);
  });

  it.each([
    ['3.2.18', true],
    ['3.4.45', true],
    ['3.5.0', false],
    ['3.6.14', false],
  ])('%s is past its end of life: %s', (version, past) => {
    expect(ids(version).includes('end-of-life')).toBe(past);
  });

  it.each(['3.5.23', '3.5.33', '3.6.14', '3.7.1'])('%s has none', (version) => {
    expect(defectsOf(version)).toEqual([]);
  });

  it.each([
    ['3.4.23', false],
    ['3.5.0', true],
    ['3.5.5', true],
    ['3.5.6', false],
    ['3.5.5+git', true],
    ['3.2.18', false],
    ['3.5.10', false],
    ['who knows', true],
    ['3.5', true],
  ])('%s forbids an online defragmentation: %s', (version, forbidden) => {
    expect(forbidsDefragment(version)).toBe(forbidden);
  });
});
