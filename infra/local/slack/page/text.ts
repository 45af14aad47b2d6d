/** Slack's markup, as far as the page of local-slack does not show it as Slack would. */

const nbsp = '\u00a0';
/** Keeps an escaped "<@U1>" from becoming a mention once it is unescaped. */
const wordJoiner = '\u2060';

export function readable(markup: string): string {
  return starsInCode(unescaped(datesAsText(fencesAsLines(markup))));
}

/** The page takes the stars of code for bold print: they are shown as the sign that looks like them. */
function starsInCode(markup: string): string {
  return markup.replaceAll(/`[^`\n]+`/g, (code) => code.replaceAll('*', '∗'));
}

/** The page collapses spaces and knows no fences: each line stands in backticks of its own. */
export function fencesAsLines(markup: string): string {
  return markup.replaceAll(/```\n?([\s\S]*?)\n?```/g, (_all, inside: string) => asCodeLines(inside));
}

export function asCodeLines(lines: string): string {
  return lines.split('\n').map(codeLine).join('\n');
}

function codeLine(line: string): string {
  return line === '' ? '' : `\`${line.replaceAll(' ', nbsp).replaceAll('`', "'")}\``;
}

export function datesAsText(markup: string): string {
  return markup.replaceAll(/<!date\^[^|>]*\|([^>]*)>/g, '$1');
}

export function unescaped(markup: string): string {
  return markup
    .replaceAll(/&lt;(?=[@#!]|https?:|mailto:)/g, `<${wordJoiner}`)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const emoji: Record<string, string> = {
  red_circle: '🔴',
  large_orange_circle: '🟠',
  large_yellow_circle: '🟡',
  large_green_circle: '🟢',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  white_check_mark: '✅',
  x: '❌',
  hourglass_flowing_sand: '⏳',
  warning: '⚠️',
  no_entry: '⛔',
  rotating_light: '🚨',
  mute: '🔇',
  lock: '🔒',
};

/** The page shows emoji names in headers and buttons as they are written. */
export function withEmoji(plain: string): string {
  return plain.replaceAll(/:([a-z0-9_+-]+):/g, (all, name: string) => emoji[name] ?? all);
}
