/** Tell apart also where red and green look the same; each is at least 3:1 against the card, text at least 5:1. */
export const COLOUR = {
  card: '#ffffff',
  ahead: '#f1f3f6',
  grid: '#d8dde3',
  text: '#1d2329',
  quiet: '#4c555f',
  size: '#0069a8',
  inUse: '#00876c',
  quota: '#d0490c',
  quotaText: '#b03a05',
} as const;

type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, inside = ''): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${xml(String(value))}"`);
  return inside === '' ? `<${name}${given.join('')}/>` : `<${name}${given.join('')}>${inside}</${name}>`;
}

export function stroke(colour: string, width: number, dashed = false): Attributes {
  return {
    stroke: colour,
    'stroke-width': width,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    fill: 'none',
    ...(dashed ? { 'stroke-dasharray': `2 ${String(width * 2.4)}` } : {}),
  };
}

type Spot = readonly [number, number];

export function line([x1, y1]: Spot, [x2, y2]: Spot, how: Attributes): string {
  return element('line', { x1, y1, x2, y2, ...how });
}

interface TextStyle {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly bold?: boolean;
  readonly colour?: string;
  readonly anchor?: 'middle' | 'end';
}

/** Takes raw text. */
export function text(
  raw: string,
  { x, y, size, bold = false, colour = COLOUR.text, anchor }: TextStyle,
): string {
  const style = {
    ...{ x, y, 'font-size': size, fill: colour },
    ...(bold ? { 'font-weight': 700 } : {}),
    ...(anchor ? { 'text-anchor': anchor } : {}),
  };
  return element('text', style, xml(raw));
}

/** What XML forbids even as an entity goes; the rest is shown as it is. */
function xml(raw: string): string {
  return raw
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
