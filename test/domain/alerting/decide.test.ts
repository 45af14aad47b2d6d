import { describe, expect, it } from '@jest/globals';
import { decide, type Situation } from '../../../src/domain/alerting/decide.js';

const USUAL: Situation = {
  turn: 'unchanged',
  told: true,
  held: null,
  flapping: false,
  acknowledged: false,
  escalationDue: false,
  reminderDue: false,
  outdated: false,
};

describe('whether an incident is told', () => {
  it.each<[string, string, Partial<Situation>]>([
    ['new', 'open', { turn: 'begun', told: false }],
    ['muted', 'nothing', { turn: 'begun', told: false, held: 'muted' }],
    ['own-operation', 'nothing', { turn: 'begun', told: false, held: 'own-operation' }],
    ['window', 'nothing', { turn: 'begun', told: false, held: 'window' }],
    ['blind', 'nothing', { turn: 'begun', told: false, held: 'blind' }],
    ['new', 'open', { turn: 'begun', told: false, flapping: true }],
    ['never-told', 'drop', { turn: 'cleared', told: false, held: 'muted' }],
    ['resolved', 'resolve', { turn: 'cleared' }],
    ['resolved', 'resolve', { turn: 'cleared', held: 'muted' }],
    ['resolved', 'resolve', { turn: 'cleared', held: 'window', flapping: true }],
    ['reopened', 'reopen', { turn: 'again' }],
    ['window', 'edit', { turn: 'again', held: 'window', outdated: true }],
    ['worse', 'reply', { turn: 'worse', acknowledged: true }],
    ['worse', 'reply', { turn: 'worse', flapping: true }],
    ['joined', 'reply', { turn: 'joined' }],
    ['better', 'reply', { turn: 'better' }],
    ['part-cleared', 'reply', { turn: 'part-cleared' }],
    ['flapping', 'edit', { turn: 'again', flapping: true, outdated: true }],
    ['flapping', 'nothing', { turn: 'again', flapping: true }],
    ['muted', 'nothing', { held: 'muted', reminderDue: true, escalationDue: true }],
    ['muted', 'edit', { held: 'muted', outdated: true }],
    ['unacknowledged', 'escalate', { escalationDue: true, reminderDue: true }],
    ['reminder-due', 'remind', { reminderDue: true, outdated: true }],
    ['outdated', 'edit', { outdated: true }],
    ['acknowledged', 'nothing', { acknowledged: true }],
    ['unchanged', 'nothing', {}],
  ])('%s: %s when %j', (reason, act, changes) => {
    expect(decide({ ...USUAL, ...changes })).toEqual({ act, reason });
  });
});
