import type { KnownBlock } from '@slack/types';

/** What a block says, for a file: nothing of Slack's markup is left. */
export function textOf(block: KnownBlock): string {
  if (block.type === 'header') return block.text.text;
  if (block.type === 'section') return unmarked(block.text?.text ?? '');
  if (block.type !== 'context') return '';
  return block.elements.map((element) => ('text' in element ? unmarked(element.text) : '')).join('\n');
}

function unmarked(mrkdwn: string): string {
  return mrkdwn
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<@([A-Z0-9]+)>/g, '@$1')
    .replace(/<!subteam\^([A-Z0-9]+)>/g, '@$1')
    .replace(/\*([^*\n]+)\*/g, '$1')
    .replaceAll('`', '')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
