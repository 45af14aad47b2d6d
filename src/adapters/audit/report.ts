/** A line of an audit file, and where it stands. */
export interface Line {
  readonly file: string;
  /** 1 for the first. */
  readonly number: number;
  readonly text: string;
}

/** A moment at which a chain was known to have this entry. Chain and mac may be given by their beginnings. */
export interface Mark {
  readonly chain: string;
  readonly seq: number;
  readonly mac: string;
  /** Set where Redis knows it: when it was written, and whether into the files at hand. */
  readonly known?: { readonly at: number; readonly here: boolean };
}

export type Tampering =
  | 'unreadable'
  | 'changed'
  | 'missing'
  | 'reordered'
  | 'repeated'
  | 'forked'
  | 'no-beginning'
  | 'other-than-known'
  | 'cut-off'
  | 'gone';

/** What is wrong with an entry; `why`: one sentence about it, without its full stop. */
export interface Flaw {
  readonly kind: Tampering;
  readonly why: string;
}

/** The first entry at which a chain does not hold. What is not known of it is null. */
export interface Broken extends Flaw {
  readonly file: string | null;
  readonly line: number | null;
  readonly chain: string | null;
  readonly seq: number | null;
  /** As the line says it. */
  readonly time: string | null;
  readonly event: string | null;
}

export interface ChainReport {
  readonly chain: string;
  readonly entries: number;
  readonly first: number;
  readonly last: number;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  /** Of the last entry. */
  readonly mac: string;
  /** What the process did; null: its start is not among the entries. */
  readonly role: string | null;
  /** Its end was known from elsewhere, and is there. */
  readonly compared: boolean;
}

export interface Report {
  /** In the order of their first entries. */
  readonly chains: readonly ChainReport[];
  readonly broken: Broken | null;
  /** Lines that a crash has cut off in the middle of the write. */
  readonly torn: readonly Line[];
  /** How many chains Redis knows that were written into other files, or before these begin. */
  readonly elsewhere: number;
}
