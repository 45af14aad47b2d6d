const STEPS = '▁▂▃▄▅▆▇█';

/** What is less than this share of the largest value stays near the floor: jitter must not look like growth. */
const LEAST_SPAN = 0.05;

/**
 * Numbers as one line of text, lowest at the floor, so that slow growth on a large base is seen. Empty for fewer than two:
 * one number has no course.
 */
export function sparkline(values: readonly number[]): string {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length < 2) return '';
  const least = Math.min(...known);
  const most = Math.max(...known);
  const span = Math.max(most - least, Math.abs(most) * LEAST_SPAN);
  return known.map((value) => STEPS[level(value - least, span)]).join('');
}

function level(above: number, span: number): number {
  return span === 0 ? 0 : Math.round((above / span) * (STEPS.length - 1));
}
