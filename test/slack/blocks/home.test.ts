import { describe, expect, test } from '@jest/globals';
import type { HomeView } from '@slack/types';
import { homeAnswer, homeTrouble, homeView, pageIn } from '../../../src/slack/blocks/home.js';
import { refusalMessage, unreachableMessage } from '../../../src/slack/blocks/refusal.js';
import { detailsMessage } from '../../../src/slack/blocks/details.js';
import { pendingFix } from '../../operations.js';
import { expectGolden } from '../../golden.js';
import { content, everyHome, incident, many, seen } from '../home-content.js';
import { blockViolations } from '../limits.js';

const HOMES = Object.entries(everyHome());
const EVIL = '<!channel> `@here` <@U9> & :red_circle: *b*\n\u202e'.repeat(30);

function violations({ blocks }: Pick<HomeView, 'blocks'>): readonly string[] {
  const each = blocks.flatMap((block) => blockViolations(block as unknown as Record<string, unknown>));
  return [...each, ...(blocks.length > 100 ? [`${String(blocks.length)} blocks`] : [])];
}

const wordsOf = (view: HomeView): string => JSON.stringify(view.blocks);

/** Names of the clusters that a Home shows, in their order. */
function shown(view: HomeView): readonly string[] {
  return [...wordsOf(view).matchAll(/\*(cluster-\d+)\*/g)].map(([, name]) => name ?? '');
}

function valuesOf(view: HomeView): Readonly<Record<string, string>> {
  const found = [...wordsOf(view).matchAll(/"action_id":"(home\.\w+)".*?"value":"(\d+)"/g)];
  return Object.fromEntries(found.map(([, id = '', value = '']) => [id, value]));
}

describe('App Home', () => {
  test.each(HOMES)('%s looks as it was agreed', (name, { content: what, page }) => {
    expectGolden(`slack/blocks/golden/home-${name}`, homeView(what, { page }));
  });

  test.each(HOMES)('%s keeps Slack’s limits', (_name, { content: what, page }) => {
    expect(violations(homeView(what, { page }))).toEqual([]);
  });

  test('keeps them with all that it can hold, and hostile words', () => {
    const evil = incident({ cluster: EVIL, cause: EVIL, channel: EVIL, signals: [] });
    const operation = { ...pendingFix(), reason: EVIL, place: { channel: EVIL } };
    const view = homeView(
      content({
        clusters: many().clusters.map(() => ({
          ...seen(EVIL, { severity: 'critical', summary: EVIL }),
          environment: EVIL,
        })),
        unsure: 7,
        waiting: Array.from({ length: 30 }, () => operation),
        incidents: Array.from({ length: 30 }, () => evil),
        recent: Array.from({ length: 30 }, () => operation),
      }),
      {
        page: 1,
        said: refusalMessage(
          EVIL,
          Array.from({ length: 20 }, () => EVIL),
        ),
      },
    );
    expect(violations(view)).toEqual([]);
    expect(wordsOf(view)).not.toMatch(/<!channel|<@U9>|\W@here/);
  });

  test('every cluster stands on one page, the worst on the first', () => {
    const pages = Array.from({ length: 5 }, (_, page) => shown(homeView(many(), { page })));
    expect(pages.map((page) => page.length)).toEqual([40, 40, 40, 40, 40]);
    expect(new Set(pages.flat()).size).toBe(200);
    expect(pages[0]?.slice(0, 4).toSorted()).toEqual([
      'cluster-007',
      'cluster-057',
      'cluster-107',
      'cluster-157',
    ]);
  });

  test.each([
    [0, { 'home.page': '1', 'home.refresh': '0' }],
    [2, { 'home.back': '1', 'home.page': '3', 'home.refresh': '2' }],
    [4, { 'home.back': '3', 'home.refresh': '4' }],
    [99, { 'home.back': '3', 'home.refresh': '4' }],
  ])('page %i leads to its neighbours', (page, values) => {
    const view = homeView(many(), { page });
    expect(valuesOf(view)).toEqual(values);
    expect(pageIn(view.private_metadata)).toBe(Math.min(page, 4));
  });

  test.each([undefined, '', '-1', '1.5', 'x', '1e99'])('a made-up page (%s) is the first', (value) => {
    expect(pageIn(value)).toBe(0);
  });

  test('says first what came of a click', () => {
    const said = refusalMessage('You may not.', []);
    expect(homeView(content(), { page: 0, said }).blocks.slice(1, 2)).toEqual(said.blocks);
  });

  test('says that nothing can be read, and offers to try again', () => {
    const said = refusalMessage('You may not.', []);
    const view = homeTrouble(unreachableMessage('My memory (Redis)'), { page: 3, said });
    expect(wordsOf(view)).toMatch(/You may not.*My memory/);
    expect(wordsOf(view)).toContain('My memory (Redis) does not answer');
    expect(valuesOf(view)).toEqual({ 'home.refresh': '3' });
    expect(violations(view)).toEqual([]);
  });

  test('shows details in a window, without buttons', () => {
    const { blocks } = homeAnswer(detailsMessage(pendingFix()));
    expect(violations({ blocks })).toEqual([]);
    expect(blocks.map(({ type }) => type)).not.toContain('actions');
    expect(homeAnswer({ text: '', blocks: [] }).blocks).toHaveLength(1);
  });
});
