import type { Line } from './page.js';

/** What is summed over the label sets of a name. */
export interface Tallies {
  peerSendFailures: number | null;
  handled: number | null;
  failed: number;
  /** By bucket bound, in seconds. */
  readonly walFsync: Map<number, number>;
  readonly backendCommit: Map<number, number>;
  readonly peerRoundTrip: Map<number, number>;
  readonly unaryRequests: Map<number, number>;
}

type Buckets = 'walFsync' | 'backendCommit' | 'peerRoundTrip' | 'unaryRequests';

export const HANDLED = 'grpc_server_handled_total';
const PEER_FAILURES = 'etcd_network_peer_sent_failures_total';
const UNARY = 'grpc_server_handling_seconds_bucket';

const histograms: ReadonlyMap<string, Buckets> = new Map<string, Buckets>([
  ['etcd_disk_wal_fsync_duration_seconds_bucket', 'walFsync'],
  ['etcd_disk_backend_commit_duration_seconds_bucket', 'backendCommit'],
  ['etcd_network_peer_round_trip_time_seconds_bucket', 'peerRoundTrip'],
  [UNARY, 'unaryRequests'],
]);

/** All names that are read here. */
export const LABELLED: readonly string[] = [HANDLED, PEER_FAILURES, ...histograms.keys()];

/** Those that etcd's own mixin counts as failures. */
const failures: ReadonlySet<string> = new Set([
  ...['Unknown', 'FailedPrecondition', 'ResourceExhausted', 'Internal', 'Unavailable', 'DataLoss'],
  'DeadlineExceeded',
]);

/** Streams that end with an error by nature: their client has gone. */
const streams: ReadonlySet<string> = new Set(['Watch', 'LeaseKeepAlive']);

export function noTallies(): Tallies {
  return {
    ...{ peerSendFailures: null, handled: null, failed: 0 },
    ...{ walFsync: new Map<number, number>(), backendCommit: new Map<number, number>() },
    ...{ peerRoundTrip: new Map<number, number>(), unaryRequests: new Map<number, number>() },
  };
}

/** Adds a line that has labels, from the brace on. */
export function tally(at: Line, brace: number, tallies: Tallies): void {
  const length = brace - at.start;
  if (length === HANDLED.length && at.text.startsWith(HANDLED, at.start)) {
    handled(at, tallies);
    return;
  }
  if (length === PEER_FAILURES.length && at.text.startsWith(PEER_FAILURES, at.start)) {
    tallies.peerSendFailures = (tallies.peerSendFailures ?? 0) + valueOf(at);
    return;
  }
  const name = at.text.slice(at.start, brace);
  const histogram = histograms.get(name);
  if (histogram === undefined || (name === UNARY && !counts(at))) return;
  const bound = Number(label(at, 'le').replace('+Inf', 'Infinity'));
  const buckets = tallies[histogram];
  buckets.set(bound, (buckets.get(bound) ?? 0) + valueOf(at));
}

/** etcd names every method with every code from its start on: half a page that says nothing but that it is counted. */
export function nothingHandled(tallies: Tallies): void {
  tallies.handled ??= 0;
}

function handled(at: Line, tallies: Tallies): void {
  tallies.handled ??= 0;
  if (streams.has(label(at, 'grpc_method'))) return;
  const value = valueOf(at);
  tallies.handled += value;
  if (failures.has(label(at, 'grpc_code'))) tallies.failed += value;
}

function counts(at: Line): boolean {
  return label(at, 'grpc_type') === 'unary' && label(at, 'grpc_method') !== 'Defragment';
}

/** The value is behind the last space: none of the labels that are read here holds one. */
function valueOf({ text, end }: Line): number {
  const value = Number.parseFloat(text.slice(text.lastIndexOf(' ', end - 1) + 1, end));
  return Number.isFinite(value) ? value : 0;
}

/** Empty: the line does not have it. */
function label({ text, start, end }: Line, name: string): string {
  const from = text.indexOf(`${name}="`, start) + name.length + 2;
  const to = text.indexOf('"', from);
  return from > end || from < start + name.length + 2 || to > end ? '' : text.slice(from, to);
}
