import { describe, expect, test } from '@jest/globals';
import { chartFile } from '../../../src/slack/blocks/chart-file.js';
import { chartSvg } from '../../../src/slack/blocks/chart.js';
import { everyChart, growing, HOUR, member, trendWith } from '../../charts.js';
import { NOW } from '../../facts.js';

const CHARTS = everyChart();
const svgOf = (name: string): string => chartSvg(CHARTS[name]!);

/** The words of a picture, in their order. */
function wordsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words]) => words ?? '');
}

function count(svg: string, what: RegExp): number {
  return [...svg.matchAll(new RegExp(what, 'g'))].length;
}

describe('a picture of sizes', () => {
  test.each(Object.keys(CHARTS))('%s is one well-formed card, within its bounds', (name) => {
    const svg = svgOf(name);
    expect(svg).toMatch(/^<svg [^>]*width="1200" height="675"[^>]*>.*<\/svg>$/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    const places = [...svg.matchAll(/ (?:x|x1|x2|cx)="([^"]+)"/g)].map(([, at]) => Number(at));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThanOrEqual(1200);
    expect(svg.length).toBeLessThan(60_000);
  });

  test.each([
    ['growing', 'Full Wed 11 Mar, 09:00 UTC, in 30 h'],
    ['healthy', 'kube-1: 40 % of its quota of 2 GiB'],
    ['nothing', 'Nothing is known of its sizes yet'],
    ['no-quota', 'kube-1: 820 MiB; its quota is not known'],
    ['no-in-use', 'Perhaps full in 15 h, by Tue 10 Mar, 18:00 UTC'],
    ['far', 'Full about Sat 26 Sep, in 200 days'],
    ['weeks', 'Full Sun 22 Mar, in 12 days'],
  ])('%s says below its title: %s', (name, verdict) => {
    const [title, below] = wordsOf(svgOf(name));
    expect([title, below]).toEqual([CHARTS[name]?.cluster, verdict]);
  });

  test('says so where the quota is reached', () => {
    const full = growing();
    expect(wordsOf(chartSvg({ ...full, quotaBytes: 1.5 * 1024 ** 3 }))[1]).toBe(
      'Full: m1 is at its quota of 1.5 GiB',
    );
  });

  test('names sizes in binary units, times in UTC, and the moment that the forecast meets the quota', () => {
    expect(wordsOf(svgOf('growing')).slice(2)).toEqual([
      ...['0', '512 MiB', '1 GiB', '1.5 GiB', '2 GiB'],
      ...['9 Mar', '10 Mar', '11 Mar', 'UTC'],
      ...['quota 2 GiB', 'Wed 11 Mar, 09:00 UTC'],
      ...['size of m1', 'in use', 'others', 'forecast'],
    ]);
  });

  test('draws one bold member with its size in use, and the others thin', () => {
    const svg = svgOf('growing');
    expect(count(svg, /<path[^>]*stroke="#0069a8" stroke-width="7"/)).toBe(1);
    expect(count(svg, /<path[^>]*stroke="#0069a8" stroke-width="2.5"/)).toBe(2);
    expect(count(svg, /<path[^>]*stroke="#00876c"/)).toBe(1);
  });

  test('marks where the dashed line meets the quota; further away an arrow leaves the picture', () => {
    expect(count(svgOf('weeks'), /<circle/)).toBe(1);
    expect(count(svgOf('far'), /<circle/)).toBe(0);
    expect(count(svgOf('weeks'), /stroke-dasharray/)).toBe(2);
    expect(count(svgOf('healthy'), /stroke-dasharray/)).toBe(0);
  });

  test('is of the member that the forecast is about, else of the largest', () => {
    const { trend: _, ...rest } = growing();
    expect(wordsOf(chartSvg({ ...rest, trend: trendWith({ memberId: 'id-m3' }) }))).toContain('size of m3');
    expect(wordsOf(chartSvg({ ...rest, trend: null }))).toContain('size of m1');
  });

  test('leaves a hole where nothing was read, and none between coarse and fine', () => {
    expect(count(svgOf('holes'), /stroke="#0069a8" stroke-width="7"[^>]*fill="none"\/>/)).toBe(3);
    const bucket = {
      at: NOW - 3 * HOUR,
      spanMs: HOUR,
      sizeBytes: 9e8,
      inUseBytes: 8e8,
      leastInUseBytes: 7e8,
    };
    const fine = [2, 1.5, 1, 0.5, 0].map((hours) => ({
      at: NOW - hours * HOUR,
      sizeBytes: 9e8,
      inUseBytes: 8e8,
    }));
    const mixed = { ...growing(), trend: null, members: [member('m1', [bucket, ...fine])] };
    expect(count(chartSvg(mixed), /stroke="#0069a8" stroke-width="7"[^>]*fill="none"\/>/)).toBe(2);
  });

  test('has no line for a size in use that nobody knows', () => {
    expect(wordsOf(svgOf('no-in-use'))).not.toContain('in use');
    expect(svgOf('one-point')).toContain('stroke-width="18"');
  });

  test('is not broken by hostile names', () => {
    const svg = svgOf('hostile');
    expect(svg).toContain('&lt;b&gt;&amp;&quot;a-cluster');
    expect(svg).not.toMatch(/<b>|<script>|[^\P{Cc}]|\u202e/u);
  });
});

describe('the file of a picture', () => {
  test('is an SVG to be painted, named by what it says', () => {
    expect(chartFile(growing())).toMatchObject({
      name: 'sizes.png',
      title: 'calico-prod: Full Wed 11 Mar, 09:00 UTC, in 30 h',
      content: expect.stringContaining('<svg'),
      picture: true,
    });
  });

  test('is none where nothing is known', () => {
    expect(chartFile(CHARTS['nothing']!)).toBeNull();
    expect(chartFile({ ...growing(), members: [] })).toBeNull();
  });
});
