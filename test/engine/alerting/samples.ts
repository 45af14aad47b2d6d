import type { Incident, Signal } from '../../../src/domain/alerting/incident.js';

/* An incident as the tests of digest and pagers take it; overridden for each case. */

export const NOW = Date.parse('2026-11-24T07:00:00Z');
export const HOUR = 3_600_000;

export function signal(overrides: Partial<Signal> = {}): Signal {
  return {
    rule: 'nospace',
    title: 'etcd is full',
    means: 'Writes are refused.',
    advice: 'Propose the fix.',
    runbook: 'fix',
    severity: 'critical',
    since: NOW - 2 * HOUR,
    summary: 'm1 raised NOSPACE',
    evidence: ['m1 2 GiB of 2 GiB'],
    ...overrides,
  };
}

export function incident(overrides: Partial<Incident> = {}): Incident {
  return {
    id: 'inc1',
    version: 3,
    cluster: 'prod',
    environment: 'live',
    cause: 'space',
    state: 'firing',
    severity: 'critical',
    worst: 'critical',
    since: NOW - 2 * HOUR,
    openedAt: NOW - 2 * HOUR,
    changedAt: NOW - HOUR,
    signals: [signal()],
    events: [],
    remindedAt: [],
    channel: 'C0PLATFORM',
    picture: null,
    ...overrides,
  };
}

export const BEN = { userId: 'U2', teamId: 'T1' };

export const ENDED: Partial<Incident> = {
  state: 'resolved',
  resolved: { at: NOW - HOUR, because: 'the alarm is off' },
};
