/** Longest that one text of a target or a person may become; what matters is in its beginning. */
const LONGEST = 300;

/** Zero width and unbreakable: parts a mention or an emoji name without being seen. */
const JOINER = '\u2060';

/** Control characters, halves of surrogate pairs, and marks that turn the direction of the text around them. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from a target or a person, for mrkdwn: shown as it is, and able to do nothing. It can't notify anybody, can't
 * link, can't break out of backticks, can't pass for one of our marks.
 */
export function escape(text: string, longest = LONGEST): string {
  return entities(tame(text, longest).replaceAll('`', '’'));
}

/**
 * The same for sentences of our checks, runbooks and commands, which quote commands in backticks and name members
 * between them: pairs of backticks stay. All that a hostile name gains is to be shown as code.
 */
export function prose(text: string, longest = LONGEST): string {
  const parts = entities(tame(text, longest)).split('`');
  if (parts.length % 2 === 1) return parts.join('`');
  return `${parts.slice(0, -1).join('`')}’${parts.at(-1) ?? ''}`;
}

/** The same for plain_text, where Slack shows entities as they stand. */
export function plain(text: string, longest = LONGEST): string {
  return tame(text, longest).replaceAll('`', '’').replaceAll('<', '‹').replaceAll('>', '›');
}

/** For a file, which Slack does not parse: one line, nothing invisible. */
export function oneLine(text: string): string {
  return text
    .replace(/[\t-\r\u0085\u2028\u2029]+/g, ' ')
    .replace(INVISIBLE, '')
    .trim();
}

/** A person as Slack shows them; an id that is none is shown as text. */
export function person(userId: string): string {
  return /^[UW][A-Z0-9]+$/.test(userId) ? `<@${userId}>` : escape(userId, 40);
}

/** The engine names people in its sentences: those who are known here are shown as people, nobody else. */
export function withPeople(escaped: string, userIds: readonly string[]): string {
  return userIds.reduce((text, id) => text.replaceAll(escape(`<@${id}>`), person(id)), escaped);
}

/** A user group as Slack shows it. */
export function group(groupId: string): string {
  return /^S[A-Z0-9]+$/.test(groupId) ? `<!subteam^${groupId}>` : escape(groupId, 40);
}

/** A channel as Slack shows it, which notifies nobody. */
export function channelName(channelId: string): string {
  return /^[CGD][A-Z0-9]+$/.test(channelId) ? `<#${channelId}>` : escape(channelId, 40);
}

/** Cuts text that is already mrkdwn: never inside an entity, a mention, a date or backticks. */
export function clip(mrkdwn: string, longest: number): string {
  if (mrkdwn.length <= longest) return mrkdwn;
  const whole = mrkdwn
    .slice(0, longest - 2)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/<[^<>]*$/, '')
    .replace(/&[a-z]*$/, '');
  const lastLine = whole.slice(whole.lastIndexOf('\n') + 1);
  return `${whole}…${lastLine.split('`').length % 2 === 0 ? '`' : ''}`;
}

/** Cuts plain text, by whole characters. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function tame(text: string, longest: number): string {
  return shorten(oneLine(text), longest)
    .replace(/(^|[^\p{L}\p{N}])@(?=\p{L})/gu, `$1@${JOINER}`)
    .replace(/:(?=[a-z0-9_+'-]*[a-z][a-z0-9_+'-]*:)/gi, `:${JOINER}`);
}

function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
