import { describe, expect, test } from '@jest/globals';
import {
  clip,
  escape,
  group,
  oneLine,
  person,
  plain,
  prose,
  shorten,
} from '../../../src/slack/blocks/escape.js';

const HOSTILE: readonly string[] = [
  '<!channel>',
  '<!here|x>',
  '<@U0PERSON>',
  '<!subteam^S1>',
  '@here @channel @everyone',
  'x@here (@channel) -@everyone',
  '<https://evil.example|status>',
  '`code` ```fence```',
  'a & b &amp; c &lt;!channel&gt;',
  ':white_check_mark: :red_circle:',
  'two\nlines\r\nand\ttabs\u2028sep',
  'turned \u202eright to left\u2066',
  '\u0000\u001b[31mred\u007f',
  'half \ud83d a pair',
  '🔴'.repeat(400),
  '<'.repeat(5000),
];

describe('text of a target or a person', () => {
  test.each(HOSTILE)('can do nothing: %j', (text) => {
    const shown = escape(text);
    expect(shown).not.toMatch(/[<>`\n]/);
    expect(shown).not.toMatch(/&(?!amp;|lt;|gt;)/);
    expect(shown).not.toMatch(/(^|[^\p{L}\p{N}])@(here|channel|everyone)/u);
    expect(shown).not.toMatch(/:(white_check_mark|red_circle):/);
    expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u202e\u2066]/u);
    expect(shown.replace(/&(amp|lt|gt);/g, '-').length).toBeLessThanOrEqual(360);
  });

  test.each(HOSTILE)('can do nothing in plain_text either: %j', (text) => {
    expect(plain(text)).not.toMatch(/[<>`\n]|[\p{Cc}\p{Cs}]/u);
  });

  test.each(HOSTILE)('can do nothing in prose but be shown as code: %j', (text) => {
    expect(prose(text)).not.toMatch(/[<>\n]/);
    expect(prose(text).split('`').length % 2).toBe(1);
  });

  test.each([
    'm1',
    'calico-prod',
    'https://10.0.0.1:2379',
    'a@b.example',
    '3.5.16',
    'größer',
    '4\u202f812\u202f990',
  ])('that is harmless stays as it is: %s', (text) => {
    expect(escape(text)).toBe(text);
    expect(plain(text)).toBe(text);
  });

  test('is cut with an ellipsis, never in the middle of a character', () => {
    expect(escape('abcdef', 4)).toBe('abc…');
    expect(shorten('ab🔴cd', 4)).toBe('ab…');
    expect(oneLine('a\n\nb')).toBe('a b');
  });
});

describe('clip', () => {
  const texts = [
    'a &amp; b'.repeat(20),
    'x `code with spaces` y '.repeat(20),
    'by <@U123> at <!date^1^{time}|x> '.repeat(9),
  ];
  const cases = texts.flatMap((text) => Array.from({ length: 60 }, (_, at) => [text, at + 10] as const));

  test('never leaves half an entity, half a mention or an open backtick', () => {
    for (const [text, longest] of cases) {
      const cut = clip(text, longest);
      expect(cut.length).toBeLessThanOrEqual(longest);
      expect(cut).not.toMatch(/&(?!amp;)/);
      expect(cut.replace(/<[^<>]*>/g, '')).not.toContain('<');
      expect(cut.split('`').length % 2).toBe(1);
    }
  });

  test('leaves what fits alone', () => {
    expect(clip('short', 10)).toBe('short');
  });
});

test('an id of a person or a group becomes a mention only where it is one', () => {
  expect(person('U123')).toBe('<@U123>');
  expect(person('!channel')).toBe('!channel');
  expect(person('U1><!here')).not.toContain('<!');
  expect(group('S1')).toBe('<!subteam^S1>');
  expect(group('x<')).toBe('x&lt;');
});
