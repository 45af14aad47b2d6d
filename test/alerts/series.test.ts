import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { GIB, HOUR, MIB, MINUTE, NOW } from '../facts.js';
import { noise } from '../domain/alerting/sizes.js';
import { play, type Pace, type Played } from './series/machine.js';
import { leaking, scene, sparse, steady, type Member } from './series/scenes.js';

const DAY = 1440;
/** Of samples that are seven minutes apart: judged every 21 minutes, the trend worked out about every two hours. */
const FAST: Pace = { judge: 3, trend: 18 };
/** The same samples, judged every 42 minutes, the trend four times a day: a month has to go by within seconds. */
const MONTH: Pace = { judge: 6, trend: 54 };

const kinds = ({ messages }: Played): readonly string[] =>
  messages.map(({ text }) => text.split(':').slice(0, 2).join(':'));

/** Until some minute as the one, then as the other. */
const until =
  (change: number, first: Member, then: Member): Member =>
  (minute, member) =>
    (minute < change ? first : then)(minute, member);

function* without(samples: Iterable<Snapshot>, from: number, to: number): Generator<Snapshot | null> {
  let minute = 0;
  for (const one of samples) {
    yield minute >= from && minute < to ? null : one;
    minute += 1;
  }
}

/** What is in use rises from 500 MiB to 1100, and falls back at once. */
const toothed =
  (everyMinutes: number): Member =>
  (minute) => ({
    sizeBytes: 1150 * MIB,
    inUseBytes: (500 + ((minute % everyMinutes) / everyMinutes) * 600) * MIB,
  });

const waving: Member = (minute) => ({
  sizeBytes: 1050 * MIB,
  inUseBytes: (700 + 300 * Math.sin((minute / DAY) * 2 * Math.PI)) * MIB,
});

describe('a month without a message', () => {
  it.each([
    ['a saw-tooth of compactions every five minutes', steady(500, 700)],
    ['a file of three quarters of the quota, a little of it in use', steady(10, 1530)],
    ['a saw-tooth that falls by more than half every six hours', toothed(360)],
    ['one that does so once a day', toothed(DAY)],
    ['a wave over the day', waving],
  ] as const)('%s', (_, member) => {
    expect(play(sparse(30 * DAY, member), MONTH).messages).toEqual([]);
  });
});

it('a file at 96 % of its quota with little in use: two warnings, never critical', () => {
  const played = play(sparse(1.2 * DAY, steady(400, 1970)), FAST);
  expect(kinds(played)).toEqual(['opened: Quota nearly used', 'opened: Fragmentation']);
  expect(played.incidents.map(({ worst }) => worst)).toEqual(['warning', 'warning']);
});

const LEAK = leaking(400, 700, 12);
/** When what is in use reaches the quota first. */
const TRUE_HOUR =
  Array.from({ length: 7 * DAY }, (_, minute) => minute).findIndex(
    (minute) => (LEAK(minute, 0).inUseBytes ?? 0) >= 2 * GIB,
  ) / 60;

it('a slow leak: the forecast days before, then the warning, then critical, in one incident', () => {
  const played = play(sparse(5.5 * DAY, LEAK), FAST);
  expect(kinds(played)).toEqual([
    'opened: Quota forecast',
    'joined: Quota nearly used joined',
    'worse: Now critical. Quota nearly used',
  ]);
  expect(played.incidents).toHaveLength(1);
  const told = played.messages[0]?.hour ?? 0;
  expect(TRUE_HOUR - told).toBeGreaterThan(48);
  const forecast = played.forecasts.find(({ hour }) => hour >= told)?.forecast;
  const foretold = ((forecast?.reachedAt ?? 0) - NOW) / HOUR;
  expect(Math.abs(foretold - TRUE_HOUR)).toBeLessThan(0.1 * (TRUE_HOUR - told));
});

it('a leak below a saw-tooth that falls by half every hour: the forecast all the same, days before', () => {
  const peaks = (minute: number): number => 900 + (minute / 60) * 12;
  const toothed: Member = (minute) => {
    const inUse = peaks(minute) - 400 + ((minute % 60) / 60) * 400;
    return { sizeBytes: peaks(minute) * MIB, inUseBytes: inUse * MIB };
  };
  const played = play(sparse(3 * DAY, toothed), FAST);
  const forecasts = played.messages.filter(({ text }) => text.startsWith('opened: Quota forecast'));
  expect(forecasts).toHaveLength(1);
  expect(played.incidents.filter(({ cause }) => cause === 'space')).toMatchObject([{ state: 'firing' }]);
  expect((2048 - 900) / 12 - (forecasts[0]?.hour ?? Infinity)).toBeGreaterThan(48);
});

it('a database that fills within hours and then stays so: its growth while it lasts, and no forecast afterwards', () => {
  const filling: Member = (minute) => {
    const inUse = 100 + Math.min(1, minute / 180) * 1000;
    return { sizeBytes: inUse * 1.05 * MIB, inUseBytes: (inUse + 5 * noise(minute)) * MIB };
  };
  const played = play(sparse(2 * DAY, filling), FAST);
  expect(kinds(played)).toEqual(['opened: Excessive growth', expect.stringMatching(/^resolved/)]);
});

describe('no message', () => {
  const calm = steady(500, 700);
  const cliff = until(600, calm, (minute, member) => steady(950, 1150)(minute, member));

  it('from a cliff, and no forecast', () => {
    const { messages, forecasts } = play(scene(DAY, cliff), { judge: 5, trend: 15 });
    expect(messages).toEqual([]);
    expect(forecasts.filter(({ forecast }) => forecast !== null)).toEqual([]);
  });

  it.each<readonly [string, Iterable<Snapshot | null>]>([
    [
      'from a restart of one member',
      scene(
        720,
        until(400, calm, (minute, member) => ({
          ...calm(minute, member),
          ...(member === 1 && { startedAt: 400 }),
        })),
      ),
    ],
    [
      'from counters that begin again on all members',
      scene(
        720,
        until(400, calm, (minute, member) => ({ ...calm(minute, member), startedAt: 400 + member })),
      ),
    ],
    [
      'from members that are new, and get all of their data at once',
      scene(720, (minute, member) => {
        const empty = { sizeBytes: 24 * 1024, inUseBytes: 20 * 1024 };
        return { ...steady(800, 1300)(minute, member), ...(minute < 2 + member && empty), startedAt: 0 };
      }),
    ],
    ['from samples that are missing for two hours', without(scene(720, calm), 400, 520)],
    [
      'from a clock that jumps ahead by an hour',
      scene(720, calm, (minute) => (minute < 400 ? 0 : 60 * MINUTE)),
    ],
    [
      'from a clock that jumps back by an hour',
      scene(720, calm, (minute) => (minute < 400 ? 0 : -60 * MINUTE)),
    ],
    [
      'from a clock that is a day ahead for ten minutes',
      scene(720, calm, (minute) => (minute >= 400 && minute < 410 ? DAY * MINUTE : 0)),
    ],
  ])('%s', (_, samples) => {
    expect(play(samples, { judge: 5, trend: 15 }).messages).toEqual([]);
  });
});
