/** Unbreakable: Slack and its page collapse ordinary spaces. */
const SPACE = '\u00a0';

const FULL = '█';
const EMPTY = '░';

/** One line per row, each in backticks, columns padded: the only table that every Slack client shows. */
export function lineTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = widthsOf(rows);
  return rows.map((row) => code(row.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join(SPACE)));
}

/** A line that keeps its spaces. Expects escaped text, which holds no backticks. */
export function code(escaped: string): string {
  return `\`${escaped.trimEnd().replaceAll(' ', SPACE)}\``;
}

/** Ten cells, rounded down: it never looks full before it is. */
export function bar(share: number, cells = 10): string {
  const full = Math.min(cells, Math.max(0, Math.floor(share * cells)));
  return FULL.repeat(full) + EMPTY.repeat(cells - full);
}

/** Something to copy and type: its spaces stay what they are. */
export function span(escaped: string): string {
  return `\`${escaped}\``;
}

export function padEnd(escaped: string, width: number): string {
  return escaped + SPACE.repeat(Math.max(0, width - shownWidth(escaped)));
}

export function padStart(escaped: string, width: number): string {
  return SPACE.repeat(Math.max(0, width - shownWidth(escaped))) + escaped;
}

/** Characters as they are shown: an entity is one, a joiner none. */
export function shownWidth(escaped: string): number {
  return [...escaped.replace(/&(amp|lt|gt);/g, '-').replaceAll('\u2060', '')].length;
}

/** Columns of a file, in ordinary spaces. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = widthsOf(rows);
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => shownWidth(row[column] ?? ''))),
  );
}
