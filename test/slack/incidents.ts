import type { Incident, IncidentEvent, Mute, Signal } from '../../src/domain/alerting/incident.js';
import { MINUTE, NOW } from '../facts.js';

const ANNA = { teamId: 'T1', userId: 'U2' };

export function signal(changes: Partial<Signal> = {}): Signal {
  return {
    rule: 'alarm-nospace',
    title: 'NOSPACE alarm',
    means: 'etcd refuses every write until space is made and the alarm is disarmed.',
    advice: 'Press *Propose fix*: compact, defragment member by member, disarm.',
    runbook: 'fix',
    severity: 'critical',
    since: NOW - 12 * MINUTE,
    summary: 'NOSPACE on m1, m2 and m3: every write is refused',
    evidence: ['m1: 2.1 GiB of 2 GiB', 'm2: 2.1 GiB of 2 GiB'],
    ...changes,
  };
}

export function quotaSignal(changes: Partial<Signal> = {}): Signal {
  return signal({
    rule: 'quota-forecast',
    title: 'Quota reached soon',
    means: 'At this pace the quota is reached, and then every write is refused.',
    advice: 'Compact now, and find what writes so much: `/etcd churn`.',
    severity: 'warning',
    summary: 'm1 reaches its quota of 2 GiB in about 30 h',
    evidence: ['m1: 1.6 GiB in use of 2 GiB, growing by 300 MiB a day'],
    ...changes,
  });
}

export function event(number: number, changes: Partial<IncidentEvent> = {}): IncidentEvent {
  return { number, at: NOW, kind: 'opened', text: 'NOSPACE alarm: NOSPACE on m1.', ...changes };
}

export function firing(changes: Partial<Incident> = {}): Incident {
  return {
    id: 'inc-5tR2bQ',
    version: 1,
    cluster: 'calico-prod',
    environment: 'production',
    cause: 'space',
    state: 'firing',
    severity: 'critical',
    worst: 'critical',
    since: NOW - 12 * MINUTE,
    openedAt: NOW - 11 * MINUTE,
    changedAt: NOW,
    signals: [signal()],
    events: [event(1)],
    remindedAt: [],
    channel: 'C0PLATFORM',
    picture: null,
    ...changes,
  };
}

export const MUTE: Mute = {
  cluster: 'calico-prod',
  rule: 'alarm-nospace',
  until: NOW + 60 * MINUTE,
  by: ANNA,
  reason: 'the fix is on its way',
  at: NOW,
};

/** The root in each state that it can be in, by a name for it. */
export function everyIncident(): Readonly<Record<string, Incident>> {
  const acknowledged = { by: ANNA, at: NOW - 5 * MINUTE };
  const over = { at: NOW, because: 'the alarm is gone and a write went through' };
  const picture = { spark: '▁▂▃▄▅▆▇█', forecast: 'Full in about 30 h, growing by 300 MiB a day.' };
  const warning = { severity: 'warning', worst: 'warning' } as const;
  return {
    forecast: firing({ ...warning, signals: [quotaSignal()], picture }),
    warning: firing({
      ...warning,
      signals: [quotaSignal({ rule: 'raft-lag', title: 'Raft lag', runbook: null, evidence: [] })],
    }),
    nospace: firing({
      signals: [
        signal(),
        quotaSignal(),
        quotaSignal({ title: 'Failed proposals', cleared: { at: NOW, because: 'none fails any more' } }),
      ],
      picture,
    }),
    acknowledged: firing({ acknowledged }),
    muted: firing({ acknowledged, mute: MUTE }),
    quiet: firing({ quiet: 'a maintenance window is open' }),
    flapping: firing({ ...warning, worst: 'critical', flapping: true }),
    blind: firing({
      cluster: '*',
      environment: null,
      cause: 'monitor',
      signals: [signal({ rule: 'monitor-blind', title: 'The monitor is blind', runbook: null })],
    }),
    resolved: firing({
      state: 'resolved',
      resolved: over,
      acknowledged,
      signals: [signal({ cleared: over }), quotaSignal({ cleared: over })],
    }),
  };
}

/** One of every kind of event. */
export function everyEvent(): readonly IncidentEvent[] {
  return [
    event(2, { kind: 'worse', text: 'Now critical. NOSPACE alarm: NOSPACE on m1.', chart: true }),
    event(3, { kind: 'better', text: 'Now only a warning. Quota reached soon: m1 is at 91 %.' }),
    event(4, { kind: 'joined', text: 'Failed proposals joined: 12 in 10 min.' }),
    event(5, { kind: 'part-cleared', text: 'Failed proposals is over: none fails any more.' }),
    event(6, {
      kind: 'acknowledged',
      text: 'Acknowledged: no more reminders unless it gets worse.',
      by: ANNA,
    }),
    event(7, { kind: 'muted', text: 'Muted for 1 h by <@U2>: the fix is on its way.', by: ANNA }),
    event(8, { kind: 'unmuted', text: 'Told again.', by: ANNA }),
    event(9, { kind: 'reminder', text: 'Still firing after 1 h. Nobody has acknowledged it.' }),
    event(10, {
      kind: 'escalated',
      text: 'Nobody has acknowledged this for 15 min.',
      mention: ['S1', '<!channel>'],
      alsoIn: ['C0ONCALL'],
    }),
    event(11, { kind: 'flapping', text: 'It comes and goes.' }),
    event(12, { kind: 'reopened', text: 'It fires again.' }),
    event(13, { kind: 'resolved', text: 'Resolved after 1 h 5 min: the alarm is gone.' }),
  ];
}
