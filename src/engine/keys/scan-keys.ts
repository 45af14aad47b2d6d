import type { AnswerBody, Question } from '../../domain/answer.js';
import type { Cluster } from '../../domain/cluster.js';
import type { TargetError } from '../../domain/errors.js';
import { keyRows, fewerKeyRows, totalOf } from '../../domain/keys/rows.js';
import type { KeysReport, LookedAt, LookState, PastLook } from '../../domain/keys/report.js';
import type { KeyScanner } from '../../domain/keyspace.js';
import { isBlock, keyName, type BlockOwners } from '../../domain/keyspace-names.js';
import type { Clock } from '../../domain/ports.js';
import { goneFromConfiguration, refusalOf } from '../answer.js';
import type { CollectDeps } from '../collect.js';
import { storedIn } from './beside.js';
import { blockOwners } from './block-owners.js';
import { chooseMember, type Chosen } from './choose.js';
import { HANDED_OVER_MS, makeLooking, type Looking, type LookingDeps } from './looking.js';
import { nothingSeen, scan, type ScanEnd, type Seen } from './scan.js';
import { scanSettings, type ScanSettings } from './settings.js';
import { inTurn } from './turn.js';

export interface KeysDeps extends LookingDeps, CollectDeps {
  readonly clock: Clock;
  clusterOf(name: string): Cluster | undefined;
}

/** What a message needs while it counts, and what the file holds in the end. */
const ROWS_MEANWHILE = 6;
const ROWS_KEPT = 200;

/** Counts a cluster's keys. Answers how long to wait where it is not this one's turn, or this process ends. */
export async function scanKeys(deps: KeysDeps, question: Question): Promise<number | null> {
  const looking = await makeLooking(deps, question);
  const cluster = deps.clusterOf(question.cluster ?? '');
  const settings = scanSettings(question);
  if (!cluster) return concluded(looking, goneFromConfiguration(question));
  if (!settings.ok) return concluded(looking, refusalOf(settings));
  const course = courseOf(deps, settings.value);
  return inTurn(deps, { question, looking, waiting: () => course.body('waiting') }, async () => {
    const chosen = await chooseMember(deps, cluster);
    if (!chosen.ok) return concluded(looking, refusalOf(chosen));
    const past = await deps.looks.last(cluster.name, settings.value.prefix);
    return counted(deps, { looking, settings: settings.value, chosen: chosen.value, past, course, cluster });
  });
}

interface Counting {
  readonly looking: Looking;
  readonly settings: ScanSettings;
  readonly chosen: Chosen;
  readonly past: PastLook | null;
  readonly course: Course;
  readonly cluster: Cluster;
}

async function counted(deps: KeysDeps, counting: Counting): Promise<number | null> {
  const { looking, settings, chosen, past, course, cluster } = counting;
  const { keyspace, member } = chosen;
  const seen = nothingSeen(settings);
  const state = { seen, member, past };
  const end = await scan({ keyspace, clock: deps.clock }, { ...settings, seen }, () =>
    looking.beat(() => course.body('running', state)),
  );
  if (end.kind === 'handed-over') return HANDED_OVER_MS;
  if (end.kind === 'stopped' && seen.keys === 0) return concluded(looking, refusedBy(end.reason, settings));
  const [owners, stored] = await Promise.all([ownersOf(keyspace, seen), storedIn(deps, cluster)]);
  await looking.conclude(course.body(end.kind, { ...state, owners, stored, end }));
  if (end.kind === 'done') await remembered(deps, cluster, { seen, settings });
  return null;
}

async function concluded(looking: Looking, body: AnswerBody): Promise<null> {
  await looking.conclude(body);
  return null;
}

function refusedBy({ code, message }: TargetError, { prefix }: ScanSettings): AnswerBody {
  const narrower =
    'Where our user may read only some keys, name their prefix: `/etcd keys CLUSTER /some/prefix/`.';
  const safe = code === 'denied' ? [narrower] : ['Ask again in a moment.'];
  const what = prefix === '' ? 'The keys' : `The keys under ${prefix}`;
  return { kind: 'refusal', reason: `${what} could not be read: ${message}`, safe };
}

interface State {
  readonly seen: Seen;
  readonly member: LookedAt;
  readonly past: PastLook | null;
  readonly owners?: BlockOwners;
  readonly stored?: KeysReport['stored'];
  readonly end?: ScanEnd;
}

interface Course {
  body(state: LookState, so?: State): AnswerBody;
}

/** How it stands, as an answer, at any time of it. */
function courseOf({ clock }: KeysDeps, settings: ScanSettings): Course {
  const startedAt = clock.now();
  const { prefix, rate, readAll } = settings;
  return {
    body(state, so) {
      const groups = so?.seen.groups.list() ?? [];
      const rows = fewerKeyRows(
        keyRows(groups, so?.past ?? null),
        state === 'running' ? ROWS_MEANWHILE : ROWS_KEPT,
      );
      const report: KeysReport = {
        ...{ state, prefix, rate, startedAt, rows, tookMs: clock.now() - startedAt },
        ...endOf(so?.end),
        ...{ member: so?.member ?? null, total: totalOf(groups), folded: so?.seen.groups.folded() ?? 0 },
        ...{ revisions: so?.seen.revisions ?? null, about: so?.seen.about ?? null },
        ...{ bytesBy: readAll ? 'all' : 'sample', sizesRead: so?.seen.sizesRead ?? 0 },
        largest: state === 'running' ? [] : largestOf(so),
        stored: so?.stored ?? null,
        before: so?.past ? { at: so.past.at, ...so.past.total } : null,
      };
      return { kind: 'keys', report };
    },
  };
}

function endOf(end: ScanEnd | undefined): Pick<KeysReport, 'reason' | 'cancelledBy'> {
  return {
    reason: end?.kind === 'stopped' ? end.reason.message : null,
    cancelledBy: end?.kind === 'cancelled' ? end.by : null,
  };
}

function largestOf(so: State | undefined): KeysReport['largest'] {
  return (so?.seen.largest.list() ?? []).map(({ key, bytes }) => {
    const text = Buffer.from(key).toString();
    return { key: text, name: keyName(text, so?.owners), bytes };
  });
}

async function ownersOf(keyspace: KeyScanner, seen: Seen): Promise<BlockOwners> {
  const blocks = seen.largest.list().some(({ key }) => isBlock(Buffer.from(key).toString()));
  return blocks ? blockOwners(keyspace) : new Map();
}

interface Finished {
  readonly seen: Seen;
  readonly settings: ScanSettings;
}

/** For the next look to compare with; only what was finished. */
async function remembered(
  { looks, clock }: KeysDeps,
  cluster: Cluster,
  { seen, settings }: Finished,
): Promise<void> {
  const groups = seen.groups.list();
  const { keys, bytes } = totalOf(groups);
  const rows = keyRows(groups, null)
    .slice(0, ROWS_KEPT)
    .map((row) => [row.prefix, { keys: row.keys, bytes: row.bytes }] as const);
  const look = { at: clock.now(), total: { keys, bytes }, rows: Object.fromEntries(rows) };
  await looks.remember(cluster.name, settings.prefix, look);
}
