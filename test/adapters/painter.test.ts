import { describe, expect, it } from '@jest/globals';
import { inflateSync } from 'node:zlib';
import { makePainter } from '../../src/adapters/painter.js';
import { chartSvg } from '../../src/slack/blocks/chart.js';
import { growing } from '../charts.js';

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Scan lines with their filter bytes, four bytes a pixel. */
  readonly lines: Buffer;
}

/** As far as the size and a glance at the content need it. */
function decoded(png: Uint8Array): Picture {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    if (kind === 'IDAT') data.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    lines: inflateSync(Buffer.concat(data)),
  };
}

/** How much of the picture differs from a plain ground: filtered lines of one colour are nearly all zeros. */
function inkIn({ lines }: Picture): number {
  return lines.reduce((sum, byte) => sum + (byte === 0 ? 0 : 1), 0) / lines.length;
}

const svg = (inside: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50" font-family="Roboto">${inside}</svg>`;

describe('the painter', () => {
  const painter = makePainter();

  it('draws a chart as a PNG of its size, and not a blank one', async () => {
    const picture = decoded(await painter.png(chartSvg(growing())));
    expect([picture.width, picture.height]).toEqual([1200, 675]);
    expect(picture.lines).toHaveLength(675 * (1 + 1200 * 4));
    expect(inkIn(picture)).toBeGreaterThan(0.01);
  });

  it.each([400, 700])('has letters of weight %i of its own', async (weight) => {
    const words = `<text x="10" y="40" font-size="30" font-weight="${String(weight)}">quota</text>`;
    const [blank, written] = await Promise.all([painter.png(svg('')), painter.png(svg(words))]);
    expect(inkIn(decoded(blank))).toBeLessThan(0.005);
    expect(inkIn(decoded(written))).toBeGreaterThan(0.01);
  });

  it('says of what is no picture that it can’t be drawn', async () => {
    await expect(painter.png('no svg')).rejects.toMatchObject({ name: 'TargetError', target: 'painter' });
  });
});
