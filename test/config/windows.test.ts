import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeSandbox, type Sandbox, withCluster } from './sandbox.js';

let sandbox: Sandbox;

beforeAll(() => {
  sandbox = makeSandbox();
});
afterAll(() => {
  sandbox.remove();
});

type Keys = Readonly<Record<string, unknown>>;

const WINDOW = { days: ['tue', 'thu'], from: '02:00', to: '05:00', zone: 'Europe/Berlin' };

function withWindow(overrides: Keys): Keys {
  return withCluster({ windows: [{ ...WINDOW, ...overrides }] });
}

function windowsOf(config: unknown): unknown {
  return sandbox.load(config).clusters[0]?.cluster.windows;
}

const WRITTEN: [string, Keys, Keys][] = [
  ['a part of the night', {}, { days: ['tue', 'thu'], fromMinute: 120, toMinute: 300 }],
  ['over midnight', { from: '22:30', to: '01:05' }, { fromMinute: 1350, toMinute: 65 }],
  ['until midnight', { from: '22:00', to: '00:00' }, { fromMinute: 1320, toMinute: 0 }],
  ['until the end of the day', { from: '22:00', to: '24:00' }, { fromMinute: 1320, toMinute: 1440 }],
  ['a whole day', { from: '00:00', to: '24:00' }, { fromMinute: 0, toMinute: 1440 }],
  ['a quarter of an hour', { from: '23:45', to: '24:00' }, { fromMinute: 1425, toMinute: 1440 }],
  ['a quarter of an hour over midnight', { from: '23:55', to: '00:10' }, { fromMinute: 1435, toMinute: 10 }],
  ['days in any case', { days: ['Sat', 'SUN'] }, { days: ['sat', 'sun'] }],
  ['another zone', { zone: 'America/Argentina/Ushuaia' }, { zone: 'America/Argentina/Ushuaia' }],
  ['universal time', { zone: 'UTC' }, { zone: 'UTC' }],
];

describe('a maintenance window', () => {
  it.each(WRITTEN)('may be %s', (_, written, window) => {
    const usual = { days: ['tue', 'thu'], fromMinute: 120, toMinute: 300, zone: 'Europe/Berlin' };
    expect(windowsOf(withWindow(written))).toEqual([{ ...usual, ...window }]);
  });

  it('may be one of several', () => {
    expect(windowsOf(withCluster({ windows: [WINDOW, { ...WINDOW, days: ['sun'] }] }))).toMatchObject([
      { days: ['tue', 'thu'] },
      { days: ['sun'] },
    ]);
  });

  const yaml = (from: string) => `stateDirectory: state
policy: { approvers: { groups: [S1] } }
clusters:
  - { name: a, endpoints: ['http://a:2379'], channels: [C1], windows: [{ days: [tue], from: ${from}, to: 23:59, zone: UTC }] }`;

  it.each(['02:00', '"02:00"', "'02:00'"])('is read from YAML with %s', (from) => {
    expect(windowsOf(yaml(from))).toMatchObject([{ fromMinute: 120, toMinute: 1439 }]);
  });

  it('needs quotes in YAML 1.1, where 02:00 is the number 120', () => {
    expect(sandbox.problems(`%YAML 1.1\n---\n${yaml('02:00')}`)).toEqual([
      'clusters[0].windows[0].from: is not a time; write it in quotes, such as "02:00"',
      'clusters[0].windows[0].to: is not a time; write it in quotes, such as "02:00"',
    ]);
  });
});

const TIME = 'is not a time; write it as HH:MM in quotes, such as "02:00"';

const WRONG: [unknown, string][] = [
  [
    withCluster({ windows: [] }),
    'clusters[0].windows: lists no window; list one, or take it out: then changes may',
  ],
  [withCluster({ windows: WINDOW }), 'clusters[0].windows: must be a list, not a map'],
  [withWindow({ days: [] }), 'clusters[0].windows[0].days: names no day; list for example [tue, thu]'],
  [withWindow({ days: 'tue' }), 'clusters[0].windows[0].days: must be a list, not text'],
  [withWindow({ days: undefined }), 'clusters[0].windows[0].days: is missing'],
  [withWindow({ days: ['tuesday'] }), 'clusters[0].windows[0].days[0]: is not a day; did you mean `tue`?'],
  [
    withWindow({ days: ['tue', 'daily'] }),
    'days[1]: is not a day; write one of: sun, mon, tue, wed, thu, fri, sat',
  ],
  [withWindow({ days: ['tue', 2] }), 'clusters[0].windows[0].days[1]: must be text, not a number'],
  [withWindow({ days: ['tue', 'thu', 'Tue'] }), 'windows[0].days[2]: is listed already; take it out'],
  [withWindow({ from: undefined }), 'clusters[0].windows[0].from: is missing'],
  [withWindow({ from: '2:00' }), `clusters[0].windows[0].from: ${TIME}`],
  [withWindow({ from: '02:60' }), `clusters[0].windows[0].from: ${TIME}`],
  [withWindow({ from: '2am' }), `clusters[0].windows[0].from: ${TIME}`],
  [withWindow({ from: '02:00:00' }), `clusters[0].windows[0].from: ${TIME}`],
  [withWindow({ from: 2 }), 'windows[0].from: is not a time; write it in quotes, such as "02:00"'],
  [withWindow({ from: ['02:00'] }), 'clusters[0].windows[0].from: must be text, not a list'],
  [withWindow({ from: '24:00' }), 'clusters[0].windows[0].from: must be "00:00" to "23:59"'],
  [withWindow({ to: '24:01' }), 'clusters[0].windows[0].to: must be "00:00" to "24:00", the end of the day'],
  [
    withWindow({ to: '02:00' }),
    'clusters[0].windows[0].to: is the same as from; for a whole day write "00:00" to "24:00", for always leave windows out',
  ],
  [
    withWindow({ to: '02:14' }),
    'windows[0].to: is only 14 minutes after from; make the window at least 15 minutes long',
  ],
  [withWindow({ from: '23:59', to: '24:00' }), 'windows[0].to: is only 1 minute after from; make the window'],
  [withWindow({ from: '23:50', to: '00:04' }), 'windows[0].to: is only 14 minutes after from'],
  ...['Berlin', 'Europe/Berlino', '+02:00', 'CEST', ''].map((zone): [unknown, string] => [
    withWindow({ zone }),
    'clusters[0].windows[0].zone: is not a time zone; use a name such as Europe/Berlin',
  ]),
  [withWindow({ zone: undefined }), 'clusters[0].windows[0].zone: is missing'],
  [
    withWindow({ until: '05:00' }),
    'clusters[0].windows[0].until: is not a known key; known here: days, from, to, zone',
  ],
];

describe('a mistake in a maintenance window', () => {
  it.each(WRONG.map(([config, message]) => ({ config, message })))('$message', ({ config, message }) => {
    expect(sandbox.problems(config)).toEqual([expect.stringContaining(message)]);
  });

  it('does not hide another', () => {
    const config = withCluster({
      windows: [
        { ...WINDOW, days: ['tue', 'tue'], to: '02:05' },
        { ...WINDOW, to: '02:00' },
      ],
    });
    expect(sandbox.problems(config).map((problem) => problem.split(': ')[0])).toEqual([
      'clusters[0].windows[0].days[1]',
      'clusters[0].windows[0].to',
      'clusters[0].windows[1].to',
    ]);
  });
});
