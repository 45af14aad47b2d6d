import { muteOf, quietText, type Circumstances } from './circumstances.js';
import type { Change } from './change.js';
import type { Notify, Turn } from './decide.js';
import { escalatedText, reminderText, turnText } from './event-text.js';
import type { Incident, IncidentEvent, IncidentEventKind } from './incident.js';
import { active } from './signals.js';
import { shapeOf, toldOf } from './turns.js';

/** Incidents of which a picture of the sizes says more than words. */
const DRAWN = new Set(['space', 'fragmentation', 'size']);

/** The incident as it is to be shown after a decision; the same object where nothing is to be shown anew. */
export function applied({ act }: Notify, change: Change, circumstances: Circumstances): Incident {
  const { now } = circumstances;
  const shown = dressed(change, circumstances);
  if (act === 'nothing' || act === 'drop') return unshown(change, shown);
  const next = { ...shown, version: shown.version + 1, changedAt: now };
  if (act === 'edit') return change.flapping && !change.before?.flapping ? flapped(next, now) : next;
  if (act === 'remind')
    return withEvent(
      { ...next, remindedAt: [...next.remindedAt, now] },
      { kind: 'reminder', at: now, text: reminderText(next, now) },
    );
  if (act === 'escalate') return escalated(next, circumstances);
  return told(next, change, circumstances);
}

/**
 * Numbers that nobody is shown are not kept either: what has been shown stays what is compared with. What nobody is told of
 * is listed all the same, with who silences it.
 */
function unshown({ before, after }: Change, shown: Incident): Incident {
  if (after.untold === true) return shown;
  return before && shapeOf(before) === shapeOf(after) ? before : after;
}

function told(incident: Incident, change: Change, circumstances: Circumstances): Incident {
  const { now } = circumstances;
  const kind = kindOf(change);
  const text = turnText(change.turn, incident, change.after.told);
  const channel = circumstances.channelFor(incident.severity);
  const chart = DRAWN.has(incident.cause) && ['opened', 'reopened', 'worse', 'resolved'].includes(kind);
  const { untold: _untold, ...rest } = incident;
  const spoken = { ...rest, told: toldOf(incident, change.aloud) };
  const begun = kind === 'opened' ? { ...spoken, openedAt: now, channel } : spoken;
  const alsoIn = kind === 'worse' && channel !== begun.channel ? [channel] : undefined;
  return withEvent(begun, { kind, at: now, text, ...(chart && { chart }), ...(alsoIn && { alsoIn }) });
}

const KINDS: Readonly<Record<Turn, IncidentEventKind>> = {
  begun: 'opened',
  again: 'reopened',
  worse: 'worse',
  joined: 'joined',
  better: 'better',
  'part-cleared': 'part-cleared',
  cleared: 'resolved',
  unchanged: 'joined',
};

/** What was held back until now begins with its root, whatever it went through meanwhile. */
function kindOf({ turn, after }: Change): IncidentEventKind {
  return after.untold === true ? 'opened' : KINDS[turn];
}

function escalated(incident: Incident, { now, settings }: Circumstances): Incident {
  const { groups = [], channel = null } = settings.escalation ?? {};
  return withEvent(
    { ...incident, escalatedAt: now },
    {
      kind: 'escalated',
      at: now,
      text: escalatedText(incident, now),
      mention: groups,
      ...(channel !== null && channel !== incident.channel && { alsoIn: [channel] }),
    },
  );
}

function flapped(incident: Incident, now: number): Incident {
  const text =
    'It comes and goes. Unless it gets worse I say no more of it until it has stayed, or has been gone, for 15 min.';
  return withEvent(incident, { kind: 'flapping', at: now, text });
}

export function withEvent(incident: Incident, event: Omit<IncidentEvent, 'number'>): Incident {
  return { ...incident, events: [...incident.events, { number: incident.events.length + 1, ...event }] };
}

/** What the root shows beside the signals: who silences it, why it is quiet, and how the sizes go. */
function dressed({ after, held, flapping }: Change, circumstances: Circumstances): Incident {
  const { mute: _mute, quiet: _quiet, flapping: _flapping, ...rest } = after;
  const mute = active(after)
    .map(({ rule }) => muteOf(circumstances, rule))
    .find((one) => one !== undefined);
  const quiet = quietText(circumstances, held);
  return {
    ...rest,
    picture: DRAWN.has(after.cause) ? circumstances.picture : null,
    ...(held === 'muted' && mute && { mute }),
    ...(quiet !== undefined && { quiet }),
    ...(flapping && { flapping: true }),
  };
}
