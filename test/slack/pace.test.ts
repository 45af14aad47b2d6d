import { beforeEach, describe, expect, it } from '@jest/globals';
import { makePace, type Pace } from '../../src/slack/pace.js';

let now: number;
let pace: Pace;

beforeEach(() => {
  now = 1_000_000;
  pace = makePace({ now: () => now, pause: async () => undefined });
});

function posted(count: number, yields: boolean): number {
  return Array.from({ length: count }, (_, index) => pace.post('C1', `m${String(index)}`, yields)).filter(
    (waitMs) => waitMs === 0,
  ).length;
}

describe('the pace of messages', () => {
  it('lets a burst go, then one a second, in each channel by itself', () => {
    expect(posted(20, false)).toBe(12);
    expect(pace.post('C1', 'next', false)).toBe(1000);
    now += 1000;
    expect(pace.post('C1', 'next', false)).toBe(0);
    expect(pace.post('C2', 'elsewhere', false)).toBe(0);
  });

  it('keeps room for what a person waits for while a fix fills the channel with replies', () => {
    expect(posted(20, true)).toBe(8);
    expect(posted(20, false)).toBe(4);
  });

  it('spaces edits of one message, and takes no room of new ones for them', () => {
    expect(posted(20, false)).toBe(12);
    expect(pace.edit('m0', 0)).toBe(0);
    now += 500;
    expect(pace.edit('m0', 2000)).toBe(1500);
    expect(pace.edit('never shown', 2000)).toBe(0);
    now += 1500;
    expect(pace.edit('m0', 2000)).toBe(0);
  });

  it('lines edits up once Slack has refused one, each with a turn of its own that it keeps', () => {
    expect([1, 2, 3].map((index) => pace.edit(`m${String(index)}`, 0))).toEqual([0, 0, 0]);
    expect(pace.editRefused('m3', 2000)).toBe(2000);
    expect(pace.editRefused('m2', 2000)).toBe(3200);
    expect(pace.edit('m4', 0)).toBe(4400);
    now += 2000;
    expect(pace.edit('m4', 0)).toBe(2400);
    expect(pace.edit('m3', 0)).toBe(0);
    now += 1200;
    expect(pace.edit('m5', 0)).toBe(2400);
    expect(pace.edit('m2', 0)).toBe(0);
  });

  it('lets edits go as they come again when nobody waits any more', () => {
    expect(pace.editRefused('m1', 1000)).toBe(1000);
    now += 2200;
    expect([1, 2, 3].map((index) => pace.edit(`m${String(index)}`, 0))).toEqual([0, 0, 0]);
  });
});
