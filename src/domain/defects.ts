import { isBefore, partsOf } from './version.js';

/** A known defect of a version of etcd that matters to whoever operates it. */
export interface Defect {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'unknown';
  /** What goes wrong, without subject: follows "m1 runs 3.5.3: ". */
  readonly summary: string;
  /** The first patch without it; null: leave this minor. */
  readonly fixedIn: string | null;
  readonly advice: string;
  /** An online defragmentation must not be planned. */
  readonly forbidsDefragment: boolean;
}

interface Row extends Omit<Defect, 'fixedIn' | 'forbidsDefragment'> {
  /** From the first version with it to the first one without it. */
  readonly ranges: readonly (readonly [from: string, fixedIn: string])[];
  readonly forbidsDefragment?: true;
  readonly endOfLife?: true;
}

/** `etcd#n` is an issue or pull request of etcd-io/etcd. */
const ROWS: readonly Row[] = [
  {
    id: 'inconsistent-after-crash',
    severity: 'warning',
    summary:
      'a crash during an online defragmentation can leave a member with other data than its peers (etcd#14733)',
    advice: 'Do not defragment online: upgrade first, or use `etcdutl defrag` on a stopped member',
    ranges: [['3.5.0', '3.5.6']],
    forbidsDefragment: true,
  },
  {
    id: 'corrupt-after-defragmentation',
    severity: 'warning',
    summary: 'a defragmentation can corrupt the database (etcd#11613)',
    advice: 'Upgrade; until then take a backup before each defragmentation',
    ranges: [
      ['0.0.0', '3.2.29'],
      ['3.3.0', '3.3.19'],
      ['3.4.0', '3.4.4'],
    ],
  },
  {
    id: 'deletes-refused-when-full',
    severity: 'info',
    summary: 'under NOSPACE deletes in a transaction are refused too (etcd#14254)',
    advice: 'Upgrade when the cluster is calm',
    ranges: [
      ['0.0.0', '3.4.20'],
      ['3.5.0', '3.5.7'],
    ],
  },
  {
    id: 'revision-goes-back',
    severity: 'info',
    summary: 'a crash during a compaction can set the revision back',
    advice: 'Upgrade when the cluster is calm',
    ranges: [
      ['0.0.0', '3.4.32'],
      ['3.5.0', '3.5.14'],
    ],
  },
  {
    id: 'crash-on-defragmentation-error',
    severity: 'info',
    summary: 'a defragmentation that fails, on a full disk for one, ends the process (etcd#18842)',
    advice: 'Have 1.1 × the size in use free on the disk before a defragmentation',
    ranges: [
      ['0.0.0', '3.4.35'],
      ['3.5.0', '3.5.17'],
    ],
  },
  {
    id: 'corrupt-while-joining',
    severity: 'info',
    summary: 'a member that receives a snapshot while it is defragmented can corrupt its database',
    advice: 'Do not defragment a member that has just joined or come back',
    ranges: [
      ['0.0.0', '3.4.38'],
      ['3.5.0', '3.5.23'],
      ['3.6.0', '3.6.5'],
    ],
  },
  // etcd maintains the current minor and the one before; 3.5 is still patched, so it is not listed.
  {
    id: 'end-of-life',
    severity: 'info',
    summary: 'this minor is past its end of life and gets no fixes',
    advice: 'Upgrade to a supported minor, one minor at a time',
    ranges: [['0.0.0', '3.5.0']],
    endOfLife: true,
  },
];

/** What is known against a version, worst first. A text that is no version could be anything, so it forbids too. */
export function defectsOf(version: string): readonly Defect[] {
  if (!partsOf(version)) return [unreadable(version)];
  return ROWS.flatMap((row) => {
    const range = row.ranges.find(([from, to]) => !isBefore(version, from) && isBefore(version, to));
    return range ? [defect(row, range[1])] : [];
  });
}

export function forbidsDefragment(version: string): boolean {
  return defectsOf(version).some((one) => one.forbidsDefragment);
}

function defect({ ranges: _ranges, endOfLife, ...row }: Row, fixedIn: string): Defect {
  return {
    ...row,
    fixedIn: endOfLife ? null : fixedIn,
    forbidsDefragment: row.forbidsDefragment ?? false,
  };
}

function unreadable(version: string): Defect {
  return {
    id: 'unreadable-version',
    severity: 'unknown',
    summary: `"${version}" is no version that can be compared, so its defects are not known`,
    fixedIn: null,
    advice: 'Find out which etcd this is before any maintenance',
    forbidsDefragment: true,
  };
}
