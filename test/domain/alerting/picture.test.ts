import { expect, it } from '@jest/globals';
import { pictureOf } from '../../../src/domain/alerting/picture.js';
import { HOUR, NOW } from '../../facts.js';
import { forecast, trend } from './sizes.js';

it('a picture in words says where the sizes go, and nothing of what was foretold and is past', () => {
  const foretold = trend({ spark: [1, 2], forecast: forecast({ reachedAt: NOW + HOUR }) });
  expect(pictureOf(foretold, NOW)?.forecast).toMatch(
    /^At this pace the quota is reached at 2026-03-10 04:00 UTC/,
  );
  expect(pictureOf(foretold, NOW + HOUR)).toEqual({ spark: expect.any(String), forecast: null });
  expect(pictureOf(null, NOW)).toBeNull();
});
