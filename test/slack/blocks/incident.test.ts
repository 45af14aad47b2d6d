import { describe, expect, test } from '@jest/globals';
import type { Incident } from '../../../src/domain/alerting/incident.js';
import { incidentDetails } from '../../../src/slack/blocks/incident-details.js';
import { elsewhereMessage, incidentEventMessage } from '../../../src/slack/blocks/incident-event.js';
import { incidentMessage } from '../../../src/slack/blocks/incident.js';
import { incidentsMessage } from '../../../src/slack/blocks/incidents.js';
import type { Message } from '../../../src/slack/blocks/message.js';
import { mutedFor, muteForm, muteSubject } from '../../../src/slack/blocks/mute-form.js';
import { mutedMessage } from '../../../src/slack/blocks/muted.js';
import { NOW } from '../../facts.js';
import { expectGolden } from '../../golden.js';
import { answer } from '../answers.js';
import { event, everyEvent, everyIncident, firing, MUTE, quotaSignal, signal } from '../incidents.js';
import { blockViolations, violations } from '../limits.js';

const EVIL = '<!channel> `@here` <@U9> & :red_circle: *b*\n\u202e';
const HUGE = `${EVIL}${'x'.repeat(5000)}`;

function list(incidents: readonly Incident[], mutes = [MUTE, { ...MUTE, rule: '*', reason: '' }]): Message {
  return incidentsMessage(answer({ kind: 'incidents', incidents, mutes }, 'incidents'));
}

const muted = { kind: 'muted', cluster: 'calico-prod', rule: 'alarm-nospace' } as const;

function everyMessage(): Readonly<Record<string, Message>> {
  const incidents = everyIncident();
  const whole = firing({ events: [event(1), ...everyEvent()], operationId: 'op-1' });
  return {
    ...Object.fromEntries(
      Object.entries(incidents).map(([name, one]) => [`incident-${name}`, incidentMessage(one)]),
    ),
    ...Object.fromEntries(
      everyEvent().map((one) => [`incident-event-${one.kind}`, incidentEventMessage(whole, one)]),
    ),
    'incident-elsewhere': elsewhereMessage(whole, everyEvent()[8]!),
    'incident-details': incidentDetails(whole),
    'incidents-many': list(Object.values(incidents)),
    'incidents-none': list([], []),
    'muted-set': mutedMessage(answer({ ...muted, mute: MUTE, lifted: [] }, 'mute')),
    'muted-lifted': mutedMessage(answer({ ...muted, mute: null, lifted: [MUTE] }, 'unmute')),
    'muted-never': mutedMessage(answer({ ...muted, rule: '*', mute: null, lifted: [] }, 'unmute')),
  };
}

test('what follows from the worst is left to the details', () => {
  const incident = firing({ signals: [signal(), quotaSignal({ swallowed: true })] });
  expect(JSON.stringify(incidentMessage(incident))).not.toContain('Quota reached soon');
  expect(JSON.stringify(incidentDetails(incident))).toContain('Quota reached soon');
});

/** Every text that a target or a person can choose. */
function hostile(changes: Partial<Incident> = {}): Incident {
  const by = { teamId: EVIL, userId: EVIL };
  const bad = signal({
    ...{ rule: HUGE, title: HUGE, means: HUGE, advice: HUGE, summary: HUGE },
    evidence: Array.from({ length: 40 }, () => HUGE),
  });
  const cleared = { at: NOW, because: HUGE };
  return firing({
    ...{ cluster: HUGE, environment: HUGE, cause: HUGE, channel: HUGE, quiet: HUGE },
    signals: Array.from({ length: 30 }, (_, index) => (index > 20 ? { ...bad, cleared } : bad)),
    events: Array.from({ length: 60 }, (_, index) => event(index + 1, { text: HUGE, by })),
    acknowledged: { by, at: NOW },
    mute: { ...MUTE, cluster: HUGE, rule: HUGE, by, reason: HUGE },
    picture: { spark: HUGE, forecast: HUGE },
    operationId: HUGE,
    ...changes,
  });
}

function hostileMessages(): readonly (readonly [string, Message])[] {
  const one = hostile();
  const over = hostile({ state: 'resolved', resolved: { at: NOW, because: HUGE } });
  const evil = event(2, {
    text: HUGE,
    by: { teamId: EVIL, userId: EVIL },
    mention: Array.from({ length: 40 }, () => HUGE),
  });
  const mute = one.mute!;
  const bad = { kind: 'muted', cluster: HUGE, rule: HUGE } as const;
  return [
    ['root', incidentMessage(one)],
    ['resolved', incidentMessage(over)],
    ['event', incidentEventMessage(one, evil)],
    ['elsewhere', elsewhereMessage(one, evil)],
    ['details', incidentDetails(one)],
    ['list', list([...Array.from({ length: 100 }, () => one), over], [mute, mute])],
    ['muted', mutedMessage(answer({ ...bad, mute, lifted: [] }, 'mute'))],
    ['unmuted', mutedMessage(answer({ ...bad, mute: null, lifted: [mute] }, 'unmute'))],
  ];
}

const MESSAGES = Object.entries(everyMessage());

function actionsOf({ blocks }: Message): Readonly<Record<string, unknown>> {
  const buttons = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  return Object.fromEntries(
    buttons.flatMap((one) => (one.type === 'button' ? [[one.action_id ?? '', one.value]] : [])),
  );
}

describe('what is said of incidents', () => {
  test.each(MESSAGES)('%s looks as it was agreed', (name, message) => {
    expectGolden(`slack/blocks/golden/${name}`, message);
  });

  test.each([...MESSAGES, ...hostileMessages()])('%s keeps Slack’s limits and is tame', (_name, message) => {
    expect(violations(message)).toEqual([]);
    expect(JSON.stringify(message.blocks)).not.toMatch(/<@U9>|<!channel>/);
    expect(message.text).not.toMatch(/<|`/);
  });

  test('the form keeps them too, and is about one incident, here or at home', () => {
    const form = muteForm(hostile({ id: 'inc-1' }), 'C1');
    expect(form.blocks.flatMap((block) => blockViolations({ ...block }))).toEqual([]);
    expect(JSON.stringify(form)).not.toMatch(/<@U9>|<!channel>/);
    expect(muteSubject(form.private_metadata ?? '')).toEqual({ incidentId: 'inc-1', channel: 'C1' });
    const atHome = muteForm(firing(), null).private_metadata ?? '';
    expect(muteSubject(atHome)).toEqual({ incidentId: 'inc-5tR2bQ', channel: null });
    expect(muteSubject('')).toBeNull();
  });

  test.each([
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['9y', null],
    ['toString', null],
    [undefined, null],
  ])('%s in the form is so many milliseconds', (value, ms) => {
    expect(mutedFor(value)).toBe(ms);
  });
});

describe('the buttons of an incident carry its id and nothing else', () => {
  test.each<[string, readonly string[]]>([
    ['forecast', ['diagnose', 'fix', 'acknowledge', 'mute', 'details']],
    ['warning', ['diagnose', 'acknowledge', 'mute', 'details']],
    ['acknowledged', ['diagnose', 'fix', 'mute', 'details']],
    ['blind', ['acknowledge', 'mute', 'details']],
    ['resolved', ['diagnose', 'details']],
  ])('%s', (name, verbs) => {
    const one = everyIncident()[name]!;
    const expected = Object.fromEntries(verbs.map((verb) => [`incident.${verb}`, one.id]));
    expect(actionsOf(incidentMessage(one))).toEqual(expected);
  });
});

test('open incidents are listed worst first', () => {
  const { warning, nospace } = everyIncident();
  const words = JSON.stringify(list([warning!, nospace!]).blocks);
  expect(words.indexOf('🔴')).toBeLessThan(words.indexOf('🟡'));
});

test('what has ended is called by what it came to, not by how it began', () => {
  const cleared = { at: NOW, because: 'no NOSPACE alarm is armed any more' };
  const ended = (changes: Parameters<typeof signal>[0]) =>
    signal({ severity: 'critical', cleared, ...changes });
  const message = incidentMessage(
    firing({
      state: 'resolved',
      signals: [
        ended({ title: 'Quota forecast', since: NOW - 200_000 }),
        ended({ title: 'Out of space', since: NOW - 90_000 }),
        ended({ title: 'Fragmentation', since: NOW - 10_000, severity: 'warning' }),
      ],
    }),
  );
  expect(message.text).toContain('Resolved · calico-prod: Out of space');
});
