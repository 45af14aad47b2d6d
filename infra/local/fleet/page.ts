import type { Figures } from './model.js';

/** Renders a member's /metrics, `age` seconds after the fleet's start. */
export type Page = (figures: Figures, age: number) => string;

type Slot = (figures: Figures, age: number) => number;

/** The captured page's counters double in this time. */
const DOUBLED_IN_S = 300;

/** What is told of this member alone. */
const OWN: Readonly<Record<string, Slot>> = {
  etcd_mvcc_db_total_size_in_bytes: ({ sizeBytes }) => sizeBytes,
  etcd_mvcc_db_total_size_in_use_in_bytes: ({ inUseBytes }) => inUseBytes,
  etcd_debugging_mvcc_current_revision: ({ revision }) => revision,
  etcd_debugging_mvcc_compact_revision: ({ compactRevision }) => compactRevision,
  etcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count: ({ compactions }) => compactions,
  etcd_debugging_mvcc_db_compaction_keys_total: ({ compactRevision }) => compactRevision,
  etcd_debugging_mvcc_db_compaction_last: ({ sinceCompaction }) =>
    Math.floor(Date.now() / 1000 - sinceCompaction),
};

/** Work that goes on. What counts trouble (leader changes, failures) stays as it is. */
const GROWS =
  /^(?:grpc_server_(?:handled|started|msg)|etcd_disk_(?:wal_fsync|backend_commit)_|etcd_network_peer_round|etcd_server_proposals_(?:applied|committed)|etcd_mvcc_(?:put|range|txn)_|etcd_network_client)/;

/** Made of a real member's page: the same lines, of which those that matter move. */
export function makePage(captured: string): Page {
  const slots: Slot[] = [];
  const texts: string[] = [];
  let text = '';
  for (const line of captured.split('\n')) {
    const end = line.lastIndexOf(' ') + 1;
    const slot = line.startsWith('#') ? undefined : slotOf(line, end);
    if (!slot) {
      text += `${line}\n`;
      continue;
    }
    texts.push(text + line.slice(0, end));
    slots.push(slot);
    text = '\n';
  }
  return (figures, age) =>
    slots.map((slot, at) => `${texts[at] ?? ''}${String(slot(figures, age))}`).join('') + text;
}

function slotOf(line: string, end: number): Slot | undefined {
  const own = OWN[line.slice(0, end - 1)];
  if (own) return own;
  const first = Number(line.slice(end));
  if (!GROWS.test(line) || !(first > 0)) return undefined;
  const grown = (age: number): number => first * (1 + age / DOUBLED_IN_S);
  return Number.isInteger(first) ? (_, age) => Math.floor(grown(age)) : (_, age) => grown(age);
}
