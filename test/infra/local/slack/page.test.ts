import { expect, describe, it } from '@jest/globals';
import { once } from 'node:events';
import { createContext, runInContext } from 'node:vm';
import { WebSocket } from 'ws';
import { readableBlocks } from '../../../../infra/local/slack/page/blocks.js';
import { readableFrame } from '../../../../infra/local/slack/page/frames.js';
import { confirmScript } from '../../../../infra/local/slack/page/script.js';
import { readable } from '../../../../infra/local/slack/page/text.js';
import { call, startSmall } from './workspace.js';

const cell = (text: string) => ({ type: 'raw_text', text });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const s = '\u00a0';

describe('markup on the page', () => {
  it.each([
    ['a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
    ['&lt;@U0ALICE&gt; is no mention', '<\u2060@U0ALICE> is no mention'],
    ['<@U0ALICE> is one', '<@U0ALICE> is one'],
    ['since <!date^1763913600^{date_short}|Nov 23>', 'since Nov 23'],
    ['```\na  b\n\nc\n```', `\`a${s}${s}b\`\n\n\`c\``],
    ['`* * * * *` of *stars*', '`∗ ∗ ∗ ∗ ∗` of *stars*'],
    ['```one `line` ```', `\`one${s}'line'${s}\``],
  ])('%j is shown as %j', (markup, shown) => {
    expect(readable(markup)).toBe(shown);
  });
});

describe('blocks on the page', () => {
  const header = (text: string) => ({ type: 'header', text: { type: 'plain_text', text } });
  const rich = (...elements: object[]) => ({ type: 'rich_text', elements });
  const cases: [string, object, object][] = [
    ['emoji in a header', header(':red_circle: full :unknown:'), header('🔴 full :unknown:')],
    ['a section', section('a &amp; b'), section('a & b')],
    [
      'a table',
      {
        type: 'table',
        rows: [
          [cell('member'), cell('size')],
          [cell('etcd-1'), cell('2 GB')],
        ],
      },
      section(`\`member${s}${s}size\`\n\`etcd-1${s}${s}2${s}GB\``),
    ],
    [
      'rich text',
      rich(
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'by ', style: { bold: true } },
            { type: 'user', user_id: 'U0ALICE' },
          ],
        },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'a b' }] },
      ),
      section(`*by *<@U0ALICE>\n\`a${s}b\``),
    ],
    [
      'a file as a picture',
      { type: 'image', alt_text: 'trend', slack_file: { id: 'F1' } },
      { type: 'image', alt_text: 'trend', image_url: '/files/shared/F1/image' },
    ],
    [
      'a private address as a picture',
      {
        type: 'image',
        alt_text: 'trend',
        slack_file: { url: 'http://127.0.0.1:1/files-pri/T0LOCAL-F1/a.png' },
      },
      { type: 'image', alt_text: 'trend', image_url: '/files/shared/F1/image' },
    ],
  ];

  it.each(cases)('%s', (_name, block, shown) => {
    expect(readableBlocks([block])).toEqual([shown]);
  });
});

it('changes messages, views and the first frame alike', () => {
  const [message, view] = [
    { text: 'a &amp; b', blocks: [section('a &amp; b')] },
    { blocks: [section('&gt;')] },
  ];
  const shown = { text: 'a & b', blocks: [section('a & b')] };
  const state = { messages: { C1: [message] }, modalStack: [view], homeViews: { U1: { A1: view } } };
  expect(readableFrame({ t: 'message_update', message })).toEqual({ t: 'message_update', message: shown });
  expect(readableFrame({ t: 'view', stack: [view] })).toEqual({
    t: 'view',
    stack: [{ blocks: [section('>')] }],
  });
  expect(readableFrame({ t: 'init', state })).toMatchObject({
    state: { messages: { C1: [shown] }, homeViews: { U1: { A1: { blocks: [section('>')] } } } },
  });
});

it('reaches the page, and not the bot, through the proxy', async () => {
  const slack = await startSmall();
  await call(slack, 'chat.postMessage', { channel: 'C0ALERTS', text: 'a &amp; b' });
  const page = new WebSocket(`${slack.pageUrl.replace('http', 'ws')}ui`);
  const [first] = (await once(page, 'message')) as [Buffer];
  expect(first.toString()).toContain('"text":"a & b"');
  expect(first.toString()).not.toContain('slack.invalid');
  expect((await slack.drive.messages('alerts'))[0]?.text).toBe('a &amp; b');
  const html = await (await fetch(slack.pageUrl)).text();
  expect(html).toContain('window.confirm');
  expect(html).toContain('try /etcd help');
  page.terminate();
  await slack.stop();
});

it('tells the page when the bot did not ack', async () => {
  const slack = await startSmall();
  const page = new WebSocket(`${slack.pageUrl.replace('http', 'ws')}ui`);
  const failure = new Promise<string>((resolve) =>
    page.on('message', (data: Buffer) => data.toString().includes('USLACKBOT') && resolve(data.toString())),
  );
  await once(page, 'message');
  await slack.drive.command({ user: 'alice', channel: 'alerts', text: 'status' });
  expect(await failure).toContain('`/etcd status` failed with the error');
  page.terminate();
  await slack.stop();
});

describe('the script in the page', () => {
  function pageWith(answer: boolean) {
    const sent: string[] = [];
    const asked: string[] = [];
    class FakeSocket extends EventTarget {
      send(data: string): void {
        sent.push(data);
      }
    }
    const window = {
      WebSocket: FakeSocket,
      confirm: (question: string) => (asked.push(question), answer),
    };
    runInContext(confirmScript, createContext({ window }));
    const socket = new window.WebSocket();
    const button = { action_id: 'operation.approve', value: 'op1', confirm: dialog };
    const message = {
      blocks: [{ block_id: 'b', elements: [button, { action_id: 'operation.deny', value: 'op1' }] }],
    };
    socket.dispatchEvent(new MessageEvent('message', { data: JSON.stringify({ t: 'message', message }) }));
    const click = (id: string) =>
      socket.send(
        JSON.stringify({ t: 'block_action', action: { block_id: 'b', action_id: id, value: 'op1' } }),
      );
    return { sent, asked, click };
  }

  const dialog = { title: { text: 'Fix prod?' }, text: { text: '*3* members &amp; more' } };

  it('asks before a click on a button with a dialog', () => {
    const page = pageWith(true);
    page.click('operation.approve');
    expect(page.asked).toEqual(['Fix prod?\n\n3 members & more']);
    expect(page.sent).toHaveLength(1);
  });

  it('sends nothing when the answer is no', () => {
    const page = pageWith(false);
    page.click('operation.approve');
    expect(page.sent).toEqual([]);
  });

  it('asks nothing for the other buttons', () => {
    const page = pageWith(false);
    page.click('operation.deny');
    expect([page.asked, page.sent.length]).toEqual([[], 1]);
  });
});
