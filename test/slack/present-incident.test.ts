import { describe, expect, it } from '@jest/globals';
import type { Incident, IncidentEvent, IncidentEventKind } from '../../src/domain/alerting/incident.js';
import { picturedMarkers, presentIncident } from '../../src/slack/present-incident.js';
import { growing } from '../charts.js';
import { event, firing } from './incidents.js';

const ROOT = 'incident:inc-5tR2bQ';

function kinds(...list: readonly IncidentEventKind[]): readonly IncidentEvent[] {
  return list.map((kind, index) => event(index + 1, { kind }));
}

const markers = (incident: Incident) => presentIncident(incident, null).map(({ marker }) => marker);

describe('an incident in Slack', () => {
  it.each<[string, Partial<Incident>, readonly string[]]>([
    ['nothing while nobody has to know', { untold: true }, []],
    ['one message when it opens', { events: kinds('opened') }, [ROOT]],
    [
      'a reply for what changed, in order',
      { events: kinds('opened', 'worse', 'resolved') },
      [ROOT, `${ROOT}:2`, `${ROOT}:3`],
    ],
    ['the newest reminder alone', { events: kinds('opened', 'reminder', 'reminder') }, [ROOT, `${ROOT}:3`]],
    [
      'no reminder once somebody is on it',
      { events: kinds('opened', 'reminder', 'acknowledged') },
      [ROOT, `${ROOT}:3`],
    ],
    [
      'no call for help once it is over',
      { events: kinds('opened', 'escalated', 'resolved') },
      [ROOT, `${ROOT}:3`],
    ],
    [
      'the call for help, with reminders after it',
      { events: kinds('opened', 'escalated', 'reminder') },
      [ROOT, `${ROOT}:2`, `${ROOT}:3`],
    ],
  ])('%s', (_what, changes, expected) => {
    expect(markers(firing(changes))).toEqual(expected);
  });

  it('tells other channels in one line, which is no reply', () => {
    const events = [event(1), event(2, { kind: 'escalated', alsoIn: ['C0ONCALL'], mention: ['S1'] })];
    const [root, reply, elsewhere] = presentIncident(firing({ version: 7, events }), null);
    expect(root).toMatchObject({ marker: ROOT, version: 7, to: { channel: 'C0PLATFORM' } });
    expect(reply).toMatchObject({ version: 1, to: { channel: 'C0PLATFORM', root: ROOT } });
    expect(elsewhere).toMatchObject({ marker: `${ROOT}:2:C0ONCALL`, version: 1 });
    expect(elsewhere?.to).toEqual({ channel: 'C0ONCALL' });
    expect(JSON.stringify(elsewhere?.message)).toContain('<#C0PLATFORM>');
    expect(JSON.stringify(reply?.message)).toContain('<!subteam^S1>');
  });

  it('waits for others unless it is critical', () => {
    const yields = (incident: Incident) => presentIncident(incident, null).map((one) => one.yields);
    expect(yields(firing())).toEqual([false]);
    expect(yields(firing({ severity: 'warning' }))).toEqual([true]);
  });

  it('has a picture only with what asks for one', () => {
    const events = [
      event(1, { chart: true }),
      event(2, { kind: 'joined' }),
      event(3, { kind: 'worse', chart: true }),
    ];
    const pictured = (incident: Incident, data: Parameters<typeof presentIncident>[1]) =>
      presentIncident(incident, data).map(({ message }) => message.picture?.name ?? null);
    expect(pictured(firing({ events }), growing())).toEqual(['sizes.png', null, 'sizes.png']);
    expect(pictured(firing({ events }), null)).toEqual([null, null, null]);
    expect(pictured(firing({ events }), { ...growing(), members: [] })).toEqual([null, null, null]);
    expect(picturedMarkers(firing({ events }))).toEqual([ROOT, `${ROOT}:3`]);
    expect(picturedMarkers(firing({ events, untold: true }))).toEqual([]);
  });
});
