import { entriesText, type Reading } from './links.js';
import type { Broken, Mark } from './report.js';

export interface Ends {
  readonly broken: Broken | null;
  readonly elsewhere: number;
}

/** Whether every chain goes as far as it is known to have gone, and none is gone that stood in these files. */
export function compareEnds(readings: readonly Reading[], marks: readonly Mark[]): Ends {
  const oldest = Math.min(...readings.map(({ report }) => report.from));
  const unread = marks.filter((mark) => !readings.some(({ report }) => report.chain.startsWith(mark.chain)));
  const gone = unread.find(
    ({ known }) => !known || (known.here && (readings.length === 0 || known.at >= oldest)),
  );
  const short = readings.flatMap(shortOf)[0];
  const broken = short ?? (gone ? goneOf(gone) : null);
  return { broken, elsewhere: unread.filter(({ known }) => known).length - (gone?.known ? 1 : 0) };
}

const NOWHERE = { file: null, line: null, time: null, event: null };

function shortOf({ report, marks }: Reading): readonly Broken[] {
  const { chain, last } = report;
  const furthest = Math.max(0, ...marks.map((mark) => mark.seq));
  if (furthest <= last) return [];
  const why = `the end of its chain was cut off: ${entriesText(last + 1, furthest)} missing; give the newer file too`;
  return [{ ...NOWHERE, kind: 'cut-off', chain, seq: last + 1, why }];
}

function goneOf({ chain, seq }: Mark): Broken {
  const why = `its whole chain is missing, ${String(seq)} entries or more; give all files of this machine`;
  return { ...NOWHERE, kind: 'gone', chain, seq: 1, why };
}
