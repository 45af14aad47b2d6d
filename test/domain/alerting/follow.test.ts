import { describe, expect, it } from '@jest/globals';
import type { Mute } from '../../../src/domain/alerting/incident.js';
import {
  clear,
  critical,
  HOUR,
  MINUTE,
  PERSON,
  SECOND,
  START,
  Story,
  unknown,
  warning,
} from './follow-scene.js';

const told = () => new Story().during(2 * MINUTE + 15 * SECOND, { quota: warning() });
const muteOf = (rule: string, forMs: number): Mute => ({
  cluster: 'c',
  rule,
  until: START + forMs,
  by: PERSON,
  reason: 'known',
  at: START,
});

describe('an incident', () => {
  it('is opened once its rule has been seen for long enough, with the moment it was first seen', () => {
    const story = new Story().during(2 * MINUTE, { quota: warning() });
    expect([story.said(), story.reasons()]).toEqual([[], ['not-long-enough']]);
    story.look({ quota: warning() });
    expect(story.incident).toMatchObject({
      version: 1,
      channel: 'CWARN',
      since: START + 15 * SECOND,
    });
    expect(story.said()).toEqual(['opened']);
  });

  it('is not opened by what came and went, nor by what was seen once and then not at all', () => {
    const story = new Story().during(MINUTE, { quota: warning() }).look({ quota: clear });
    expect(story.during(MINUTE, { quota: warning() }).said()).toEqual([]);
    expect(new Story().look({ quota: critical() }).during(HOUR, { quota: unknown }).said()).toEqual([]);
  });

  it('takes in what has the same cause, and what follows from it', () => {
    const story = told().look({ quota: warning(), nospace: critical('every write is refused.') });
    story.look({ quota: warning(), nospace: critical(), proposals: warning() });
    expect(story.book.incidents).toHaveLength(1);
    expect(story.said()).toEqual(['opened', 'worse', 'joined']);
    expect(story.incident.events[1]).toMatchObject({
      text: 'Now critical. NOSPACE: every write is refused.',
      alsoIn: ['CCRIT'],
    });
    expect(story.incident.events[2]?.text).toBe('Proposals fail joined: 82 % used.');
  });

  it('ends when everything has been clear for two intervals, and says for how long and why', () => {
    const story = told().look({ quota: clear }).look({ quota: clear });
    expect(story.incident.state).toBe('firing');
    story.look({ quota: clear });
    expect(story.incident).toMatchObject({ state: 'resolved' });
    expect(story.incident.events.at(-1)?.text).toBe(
      'Resolved after 2 min 45 s: m1 to m3 are under 40 % of their quota.',
    );
  });

  it('says what part of it is over', () => {
    const story = told().look({ nospace: critical(), quota: warning() });
    story.during(MINUTE, { nospace: clear, quota: warning() });
    expect(story.said()).toEqual(['opened', 'worse', 'part-cleared']);
    expect(story.incident).toMatchObject({ state: 'firing', severity: 'warning', worst: 'critical' });
  });

  it('goes on in its thread when it fires again within ten minutes, and anew after them', () => {
    const ended = () => told().during(MINUTE, { quota: clear });
    expect(
      ended()
        .during(3 * MINUTE, { quota: warning() })
        .said(),
    ).toEqual(['opened', 'resolved', 'reopened']);
    const later = ended()
      .during(11 * MINUTE, { quota: clear })
      .during(3 * MINUTE, { quota: warning() });
    expect(later.incident.id).toBe('i2');
  });

  it('is neither ended nor edited by what cannot be read, nor edited by jitter', () => {
    const story = told().during(HOUR / 2, { quota: unknown });
    expect(story.incident).toMatchObject({ state: 'firing', version: 1 });
    for (let i = 0; i < 16; i++) story.look({ quota: warning(`8${String(i % 3)} % used`) });
    expect(story.incident.version).toBe(2);
  });

  it('is forgotten when it is over: a healthy book is empty', () => {
    const story = told().during(90 * MINUTE, { quota: clear }, MINUTE);
    expect(story.book).toMatchObject({ rules: {}, incidents: [] });
  });
});

describe('a reminder', () => {
  it('comes with pauses that double', () => {
    const story = told().during(8 * HOUR, { quota: warning() }, MINUTE);
    expect(story.said()).toEqual(['opened', 'reminder', 'reminder', 'reminder']);
  });

  it('does not come for an acknowledged warning, until it gets worse', () => {
    const story = told();
    const acknowledged = { by: PERSON, at: story.now };
    story.book = { ...story.book, incidents: story.book.incidents.map((one) => ({ ...one, acknowledged })) };
    story.during(30 * HOUR, { quota: warning() }, MINUTE);
    expect(story.said()).toEqual(['opened']);
    story.during(3 * MINUTE, { quota: critical() }, MINUTE);
    expect(story.said()).toEqual(['opened', 'worse']);
    expect(story.incident.acknowledged).toBeUndefined();
  });
});

describe('an escalation', () => {
  it('comes once for each time that it became critical', () => {
    const story = new Story();
    const escalation = { afterMs: 15 * MINUTE, groups: ['S1'], channel: 'CBOSS' };
    story.around = { settings: { reminders: { firstMs: 24 * HOUR, mostMs: 24 * HOUR }, escalation } };
    story.during(HOUR, { nospace: critical() }, MINUTE);
    expect(story.said()).toEqual(['opened', 'escalated']);
    expect(story.incident.events[1]).toMatchObject({ mention: ['S1'], alsoIn: ['CBOSS'] });
  });
});

describe('what is held back', () => {
  it.each([
    ['a mute', { mutes: [muteOf('nospace', 5 * MINUTE)] }, 'muted'],
    ['a mute of everything', { mutes: [{ ...muteOf('*', 5 * MINUTE), cluster: '*' }] }, 'muted'],
  ])('by %s is told when that has ended and it still fires', (_what, around, reason) => {
    const story = new Story();
    story.around = around;
    story.during(5 * MINUTE - 15 * SECOND, { nospace: critical() });
    expect([story.said(), story.reasons()]).toEqual([[], [reason]]);
    expect(story.look({ nospace: critical() }).said()).toEqual(['opened']);
  });

  it('by an operation of our own or a window leaves what they cannot cause', () => {
    const story = new Story();
    story.around = { quiet: { kind: 'own-operation', text: 'my own operation runs' } };
    story.look({ proposals: warning() });
    expect([story.said(), story.reasons()]).toEqual([[], ['own-operation']]);
    expect(story.look({ nospace: critical() }).said()).toEqual(['opened']);
  });

  it('by a window is told afterwards if it got worse meanwhile', () => {
    const story = told();
    story.around = { quiet: { kind: 'window', text: 'a maintenance window is open' } };
    story.during(5 * MINUTE, { quota: critical() });
    expect(story.said()).toEqual(['opened']);
    expect(story.incident.quiet).toBe('a maintenance window is open');
    story.around = {};
    expect(story.look({ quota: critical() }).said()).toEqual(['opened', 'worse']);
    expect(story.incident.quiet).toBeUndefined();
  });

  it('because the monitor is blind is only what needs sight', () => {
    const story = new Story();
    story.around = { blind: true };
    expect(story.look({ down: critical() }).said()).toEqual([]);
    expect(story.look({ nospace: critical() }).said()).toEqual(['opened']);
  });

  it('still says that it is over, if it was told before, and nothing if it never was', () => {
    const story = told();
    story.around = { mutes: [muteOf('*', 24 * HOUR)] };
    expect(story.during(MINUTE, { quota: clear }).said()).toEqual(['opened', 'resolved']);
    const never = new Story();
    never.around = story.around;
    never.look({ nospace: critical() }).during(MINUTE, { nospace: clear });
    expect(never.book.incidents).toEqual([]);
  });

  it('is only the muted part: what joins unmuted is told, and reminders go on', () => {
    const story = told();
    story.around = { mutes: [muteOf('proposals', 24 * HOUR)] };
    story.look({ quota: warning(), proposals: warning() });
    expect(story.said()).toEqual(['opened']);
    story.during(2 * HOUR, { quota: warning(), proposals: warning() }, MINUTE);
    expect(story.said()).toEqual(['opened', 'reminder']);
  });
});

describe('what follows from another trouble', () => {
  it('stands behind it, and nothing is said of it any more', () => {
    const story = new Story().look({ forecast: critical('full in 4 h') });
    story.look({ forecast: critical('full now'), nospace: critical('no space'), writes: warning() });
    expect(story.said()).toEqual(['opened', 'joined']);
    expect(story.incident.signals.map(({ rule, swallowed }) => [rule, swallowed === true])).toEqual([
      ['nospace', false],
      ['forecast', true],
      ['writes', true],
    ]);
    expect(story.incident.events.at(-1)?.text).toBe('NOSPACE joined: no space.');
    story.during(2 * MINUTE, { forecast: clear, nospace: critical('no space'), writes: critical() });
    expect(story.said()).toEqual(['opened', 'joined']);
  });

  it('is told when that one is over and it still fires', () => {
    const story = new Story().look({ nospace: critical('no space'), writes: warning() });
    story.during(MINUTE, { nospace: clear, writes: warning('3 a second') });
    expect(story.said()).toEqual(['opened', 'part-cleared']);
    expect(story.incident.events.map(({ text }) => text).slice(1)).toEqual([
      'NOSPACE is over: m1 to m3 are under 40 % of their quota. Still: Writes fail: 3 a second.',
    ]);
  });
});

describe('what looks back over a window', () => {
  const full = { nospace: critical('no space'), failing: critical('40 % fail') };

  it.each([3, 30])(
    'is no second incident when what it followed from is mended after %s minutes',
    (minutes) => {
      const story = new Story().during(minutes * MINUTE, full);
      // For five minutes it still sees what was.
      story.during(5 * MINUTE, { nospace: clear, failing: critical('20 % fail') });
      story.during(10 * MINUTE, { nospace: clear, failing: clear });
      expect(story.said()).toEqual(['opened', 'resolved']);
    },
  );

  it('is told if it goes on for as long as it has to by itself', () => {
    const story = new Story().during(3 * MINUTE, full);
    story.during(6 * MINUTE, { nospace: clear, failing: critical('40 % fail') });
    expect(story.said()).toEqual(['opened', 'resolved', 'opened']);
  });

  it('stays where it was told before', () => {
    const story = new Story().during(6 * MINUTE, { failing: critical('10 % fail') });
    story.during(MINUTE, full);
    expect(story.book.incidents.flatMap(({ signals }) => signals.map(({ rule }) => rule)).toSorted()).toEqual(
      ['failing', 'nospace'],
    );
  });
});

describe('flapping', () => {
  it('is said once, and then nothing until it has been stable for a quarter of an hour', () => {
    const story = new Story();
    for (let i = 0; i < 10; i++)
      story.look({ nospace: critical() }, MINUTE).during(MINUTE, { nospace: clear });
    const counted = story.said().filter((kind) => kind === 'flapping');
    expect(counted).toHaveLength(1);
    expect(story.said().length).toBeLessThanOrEqual(5);
    story.during(16 * MINUTE, { nospace: clear }, MINUTE);
    expect(story.said().at(-1)).toBe('resolved');
  });

  it('between critical and a warning is said once, too, and does not call for an acknowledgement each time', () => {
    const story = new Story();
    for (let i = 0; i < 15; i++)
      story.during(2 * MINUTE, { nospace: critical() }).look({ nospace: warning() });
    expect(story.said()).toEqual(['opened', 'better', 'worse', 'flapping']);
    story.during(20 * MINUTE, { nospace: warning() }, MINUTE);
    expect(story.said().slice(4)).toEqual(['better']);
  });

  it('ends with what fires for a quarter of an hour: that is told, though it fell and rose before', () => {
    const story = new Story();
    for (let i = 0; i < 3; i++)
      story.look({ nospace: critical() }, MINUTE).during(MINUTE, { nospace: clear });
    story.during(16 * MINUTE, { nospace: clear }, MINUTE);
    expect(story.said().at(-1)).toBe('resolved');
    const before = story.said().length;
    story.during(14 * MINUTE, { nospace: critical() }, MINUTE);
    expect(story.said().slice(before)).toEqual([]);
    story.during(3 * MINUTE, { nospace: critical() }, MINUTE);
    expect(story.said().slice(before)).toEqual(['reopened']);
  });
});
