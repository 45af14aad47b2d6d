import { describe, expect, test } from '@jest/globals';
import { compose, marked } from '../../../src/slack/blocks/message.js';
import { actions, button, header, section, sections } from '../../../src/slack/blocks/parts.js';
import { bar, code, lineTable } from '../../../src/slack/blocks/table.js';
import { violations } from '../limits.js';

const BUTTONS = actions(button({ action: 'cluster.status', text: 'Refresh', value: 'an-1' }));

describe('a message', () => {
  test('says its verdict in the header and in the notification', () => {
    const message = compose({ verdict: '🟢 a<b is healthy', body: [section('x')] });
    expect(message.text).toBe('🟢 a&lt;b is healthy');
    expect(message.blocks[0]).toMatchObject({ type: 'header', text: { text: '🟢 a‹b is healthy' } });
  });

  test.each([
    ['blocks', Array.from({ length: 70 }, (_, index) => section(`line ${String(index)}`))],
    ['characters', Array.from({ length: 8 }, (_, index) => section(`${String(index)} ${'x'.repeat(2900)}`))],
  ])('with too many %s keeps its buttons and puts the rest into a file', (_what, body) => {
    const message = compose({ verdict: 'v', body, tail: [BUTTONS] });
    expect(violations(message)).toEqual([]);
    expect(message.blocks.at(-1)).toBe(BUTTONS);
    expect(JSON.stringify(message.blocks.at(-2))).toContain('The rest is in the file.');
    const told = JSON.stringify(message.blocks) + (message.file?.content ?? '');
    for (const block of body) expect(told).toContain(block.text?.text);
  });

  test('adds the rest to a file that it has anyway', () => {
    const file = { name: 'a.txt', title: 'a', content: 'first' };
    const body = Array.from({ length: 60 }, () => section('*bold* &lt;x&gt; <@U1> <!date^1^{time}|noon>'));
    const { content } = compose({ verdict: 'v', body, file }).file ?? { content: '' };
    expect(content).toMatch(/^first\n\nbold <x> @U1 noon/);
  });

  test('is found again by the marker on its first block', () => {
    const message = compose({ verdict: 'v', body: [section('x')] });
    expect(marked(message, 'm'.repeat(300)).blocks[0]?.block_id).toBe('m'.repeat(255));
    expect(message.blocks[0]?.block_id).toBeUndefined();
  });
});

describe('parts', () => {
  test('cut what is too long', () => {
    expect(header('x'.repeat(500)).text.text).toHaveLength(150);
    expect(section('x'.repeat(5000)).text?.text.length).toBeLessThanOrEqual(3000);
    expect(button({ action: 'a', text: 'x'.repeat(200), value: 'v' }).text.text).toHaveLength(75);
  });

  test('keep whole lines together', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `${String(index)} ${'y'.repeat(90)}`);
    const texts = sections(lines).map((block) => block.text?.text ?? '');
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.join('\n').split('\n')).toEqual(lines);
  });
});

describe('a table', () => {
  test('is one line per row in backticks, padded with unbreakable spaces', () => {
    expect(
      lineTable([
        ['m1', '2 GiB'],
        ['calico', '1 GiB'],
      ]),
    ).toEqual(['`m1\u00a0\u00a0\u00a0\u00a0\u00a02\u00a0GiB`', '`calico\u00a01\u00a0GiB`']);
  });

  test('counts an entity as the one character that is shown', () => {
    expect(
      lineTable([
        ['a&amp;b', '|'],
        ['abc', '|'],
      ]),
    ).toEqual(['`a&amp;b\u00a0|`', '`abc\u00a0|`']);
  });

  test.each([
    [0, '░░░░░░░░░░'],
    [0.049, '░░░░░░░░░░'],
    [0.5, '█████░░░░░'],
    [0.999, '█████████░'],
    [1, '██████████'],
    [1.4, '██████████'],
  ])('a bar of %d never looks full before it is', (share, shown) => {
    expect(bar(share)).toBe(shown);
    expect(code(`${bar(share)}  x  `)).toBe(`\`${shown}\u00a0\u00a0x\``);
  });
});
