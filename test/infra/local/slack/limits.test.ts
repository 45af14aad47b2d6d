import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../../infra/local/slack/index.js';
import { call, modalView, startSmall } from './workspace.js';

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const markdown = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) });
const section = (length: number) => ({ type: 'section', text: markdown(length) });
const fields = (count: number, length: number) => ({
  type: 'section',
  fields: Array.from({ length: count }, () => markdown(length)),
});
const button = (over: object = {}) => ({ type: 'button', action_id: 'a', text: plain(5), ...over });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const buttons = (count: number) =>
  actions(...Array.from({ length: count }, (_, index) => button({ action_id: `a${index}` })));
const dialog = (over: object = {}) => ({
  ...{ title: plain(100), text: plain(300), confirm: plain(30), deny: plain(30) },
  ...over,
});
const confirmed = (over: object = {}) => actions(button({ confirm: dialog(over) }));
const many = (count: number, block: object) => Array.from({ length: count }, () => block);

let slack: LocalSlack;

beforeAll(async () => {
  slack = await startSmall({ rates: { postBurst: 1000 } });
});
afterAll(() => slack.stop());

const post = (args: object) => call(slack, 'chat.postMessage', { channel: 'C0ALERTS', text: 'x', ...args });

describe('blocks at their limit pass, and are refused beyond it', () => {
  const cases: [string, object[], object[]][] = [
    ['50 blocks', many(50, section(5)), many(51, section(5))],
    ['3000 characters in a section', [section(3000)], [section(3001)]],
    ['10 fields', [fields(10, 5)], [fields(11, 5)]],
    ['2000 characters in a field', [fields(1, 2000)], [fields(1, 2001)]],
    [
      '150 characters in a header',
      [{ type: 'header', text: plain(150) }],
      [{ type: 'header', text: plain(151) }],
    ],
    ['plain text in a header', [{ type: 'header', text: plain(5) }], [{ type: 'header', text: markdown(5) }]],
    ['some text', [section(1)], [section(0)]],
    [
      '10 elements in a context',
      [{ type: 'context', elements: many(10, markdown(5)) }],
      [{ type: 'context', elements: many(11, markdown(5)) }],
    ],
    ['25 elements in actions', [buttons(25)], [buttons(26)]],
    [
      '75 characters on a button',
      [actions(button({ text: plain(75) }))],
      [actions(button({ text: plain(76) }))],
    ],
    [
      '2000 characters in a value',
      [actions(button({ value: 'x'.repeat(2000) }))],
      [actions(button({ value: 'x'.repeat(2001) }))],
    ],
    [
      '255 characters in an action id',
      [actions(button({ action_id: 'x'.repeat(255) }))],
      [actions(button({ action_id: 'x'.repeat(256) }))],
    ],
    [
      '255 characters in a block id',
      [{ ...section(5), block_id: 'x'.repeat(255) }],
      [{ ...section(5), block_id: 'x'.repeat(256) }],
    ],
    [
      'block ids that differ',
      [
        { ...section(5), block_id: 'a' },
        { ...section(5), block_id: 'b' },
      ],
      many(2, { ...section(5), block_id: 'a' }),
    ],
    ['action ids that differ', [buttons(2)], [actions(button(), button())]],
    ['100 characters in a dialog title', [confirmed()], [confirmed({ title: plain(101) })]],
    ['300 characters in a dialog', [confirmed()], [confirmed({ text: plain(301) })]],
    ['30 characters on a dialog button', [confirmed()], [confirmed({ confirm: plain(31) })]],
    ['known types', [{ type: 'divider' }], [{ type: 'hologram' }]],
    ['known elements', [buttons(1)], [actions({ type: 'lever', action_id: 'a' })]],
  ];

  it.each(cases)('%s', async (_name, atLimit, beyond) => {
    expect(await post({ blocks: atLimit })).toMatchObject({ ok: true });
    const answer = await post({ blocks: beyond });
    expect(answer).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(answer['errors']).toEqual([expect.stringMatching(/\[json-pointer:\/blocks/)]);
  });

  it('counts the texts of all blocks together', async () => {
    expect(await post({ blocks: many(4, section(3000)) })).toMatchObject({ ok: true });
    const answer = await post({ blocks: [...many(4, section(3000)), section(1)] });
    expect(answer).toEqual({ ok: false, error: 'msg_blocks_too_long' });
  });
});

describe('texts', () => {
  it('cuts a post after 40,000 characters', async () => {
    const { ts } = await post({ text: 'x'.repeat(40_001) });
    const [message] = await slack.drive.thread('alerts', ts!);
    expect(message?.text).toHaveLength(40_000);
  });

  it('refuses an update with more than 4,000 characters', async () => {
    const { ts } = await post({});
    const update = (length: number) =>
      call(slack, 'chat.update', { channel: 'C0ALERTS', ts, text: 'x'.repeat(length) });
    expect(await update(4000)).toMatchObject({ ok: true });
    expect(await update(4001)).toEqual({ ok: false, error: 'msg_too_long' });
  });

  it('refuses a post without any content', async () => {
    expect(await post({ text: '' })).toEqual({ ok: false, error: 'no_text' });
  });
});

describe('views', () => {
  const cases: [string, object, object][] = [
    ['24 characters in a title', { title: plain(24) }, { title: plain(25) }],
    ['24 characters on submit', { submit: plain(24) }, { submit: plain(25) }],
    ['24 characters on close', { close: plain(24) }, { close: plain(25) }],
    [
      '3000 private characters',
      { private_metadata: 'x'.repeat(3000) },
      { private_metadata: 'x'.repeat(3001) },
    ],
    ['100 blocks', { blocks: many(100, section(5)) }, { blocks: many(101, section(5)) }],
  ];

  it.each(cases)('%s', async (_name, atLimit, beyond) => {
    const open = (over: object) =>
      call(slack, 'views.open', { trigger_id: 'unknown', view: { ...modalView(), ...over } });
    // The trigger id is looked at last.
    expect(await open(atLimit)).toEqual({ ok: false, error: 'invalid_trigger_id' });
    expect(await open(beyond)).toMatchObject({ ok: false, error: 'invalid_arguments' });
  });
});

it('enforces none of it when it is not strict', async () => {
  const lax = await startSmall({ strict: false });
  const args = { channel: 'C0ALERTS', text: 'x', blocks: many(51, section(3001)) };
  expect(await call(lax, 'chat.postMessage', args)).toMatchObject({ ok: true });
  await lax.stop();
});
