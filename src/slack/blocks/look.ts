import type { ActionsBlock } from '@slack/types';
import type { ChurnReport, KeysReport, LookState } from '../../domain/keys/report.js';
import { grouped } from '../../domain/units.js';
import { person, prose, escape } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { actions, button, section } from './parts.js';
import { code } from './table.js';

type Report = KeysReport | ChurnReport;

export const LOOK_MARK: Readonly<Record<LookState, string>> = {
  waiting: '⏳',
  running: '⏳',
  done: SEVERITY_MARK.info,
  cancelled: '⏭',
  stopped: SEVERITY_MARK.unknown,
};

/** The rows that a message shows; all others are in the file. */
export const MOST_ROWS = 20;
export const MOST_KEYS_SHOWN = 5;

/** Only while there is something to stop. */
export function cancelButton(answerId: string, { state }: Report): readonly ActionsBlock[] {
  if (state !== 'running' && state !== 'waiting') return [];
  return [actions(button({ action: 'scan.cancel', text: 'Cancel', value: answerId }))];
}

export function stoppingMessage(): Message {
  const text = 'Stopping: the message will show what was seen until now.';
  return compose({ verdict: text, headline: false, body: [section(text)] });
}

/** Why it ended before its end. */
export function endLines({ state, cancelledBy, reason }: Report): readonly string[] {
  if (state === 'cancelled') {
    const who = cancelledBy === null ? '' : ` by ${person(cancelledBy)}`;
    return [`Stopped${who} before its end: this is what was seen until then.`];
  }
  if (state !== 'stopped') return [];
  return [
    `Stopped before its end: ${prose(reason ?? 'no reason is known')}. This is what was seen until then.`,
  ];
}

/** Where it was read, and what that means. */
export function memberText({ member }: Report): string {
  if (!member) return '';
  const who = escape(member.label, 60);
  return member.role === 'leader'
    ? `read from ${who}, the leader: no follower answers`
    : `read from follower ${who}`;
}

export function foldedLines({ folded }: Report): readonly string[] {
  if (folded === 0) return [];
  return [
    `${String(folded)} prefixes are counted in the folders above them: there are too many to keep apart`,
  ];
}

/** `/registry/events/  Kubernetes events`; the row of all others has no prefix. */
export function prefixText({
  prefix,
  name,
  prefixes,
}: {
  prefix: string;
  name: string | null;
  prefixes: number;
}): string {
  if (prefix === '') return prefixes > 1 ? `_${String(prefixes)} other prefixes_` : '_keys in no folder_';
  const more = prefixes > 1 ? ` (${String(prefixes)} prefixes)` : '';
  return `${code(escape(prefix, 120))}${more}${name === null ? '' : `  ${escape(name, 120)}`}`;
}

/** Below its prefix, set in; unbreakable, because Slack's page collapses other spaces. */
export function setIn(text: string): string {
  return `${'\u00a0'.repeat(6)}${text}`;
}

/** `1 key`, `2 000 keys`. */
export function counted(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? '' : 's'}`;
}

export function underText({ prefix }: Report): string {
  return prefix === '' ? '' : ` under ${prefix}`;
}
