import type { AnswerBody, Question } from '../../domain/answer.js';
import type { Cluster } from '../../domain/cluster.js';
import { TargetError } from '../../domain/errors.js';
import { makeChurn, type Churn } from '../../domain/keys/churn.js';
import { fewerChurnRows } from '../../domain/keys/rows.js';
import type { ChurnReport, LookedAt, LookState } from '../../domain/keys/report.js';
import { isBlock, type BlockOwners } from '../../domain/keyspace-names.js';
import { goneFromConfiguration, refusalOf } from '../answer.js';
import { blockOwners } from './block-owners.js';
import { cronJobsOf } from './beside.js';
import { chooseMember, type Chosen } from './choose.js';
import { HANDED_OVER_MS, makeLooking, type Looking } from './looking.js';
import type { KeysDeps } from './scan-keys.js';
import { churnSettings, type ChurnSettings } from './settings.js';
import { inTurn } from './turn.js';
import { watch, type WatchEnd } from './watch.js';

const ROWS_MEANWHILE = 6;
const ROWS_KEPT = 200;

/** Watches what is written for a while. Answers how long to wait where it is not this one's turn, or this process ends. */
export async function watchChurn(deps: KeysDeps, question: Question): Promise<number | null> {
  const looking = await makeLooking(deps, question);
  const conclude = (body: AnswerBody): Promise<null> => looking.conclude(body).then(() => null);
  const cluster = deps.clusterOf(question.cluster ?? '');
  const settings = churnSettings(question);
  if (!cluster) return conclude(goneFromConfiguration(question));
  if (!settings.ok) return conclude(refusalOf(settings));
  const course = courseOf(deps, settings.value);
  return inTurn(deps, { question, looking, waiting: () => course('waiting') }, async () => {
    const chosen = await chooseMember(deps, cluster);
    if (!chosen.ok) return conclude(refusalOf(chosen));
    return watched(deps, { looking, settings: settings.value, chosen: chosen.value, course, cluster });
  });
}

interface Watching {
  readonly looking: Looking;
  readonly settings: ChurnSettings;
  readonly chosen: Chosen;
  readonly course: Course;
  readonly cluster: Cluster;
}

async function watched(deps: KeysDeps, watching: Watching): Promise<number | null> {
  const { looking, settings, chosen, course, cluster } = watching;
  const { keyspace, member } = chosen;
  const churn = makeChurn(settings.prefix);
  const progress = { watchedMs: 0 };
  const beat = () => looking.beat(() => course('running', { churn, member, ...progress }));
  const end = await watch({ keyspace, clock: deps.clock, progress }, { ...settings, churn }, beat);
  if (end.kind === 'handed-over') return HANDED_OVER_MS;
  if (end.kind === 'refused') {
    await looking.conclude({ kind: 'refusal', reason: end.reason, safe: safeAfter(end.code) });
    return null;
  }
  const topKeys = churn.keys(new Map()).map(({ key }) => key);
  const owners: BlockOwners = topKeys.some(isBlock) ? await blockOwners(keyspace) : new Map();
  const cronJobs = await cronJobsOf(deps, cluster);
  await looking.conclude(course(end.kind, { churn, member, ...progress, owners, end, cronJobs }));
  return null;
}

function safeAfter(code: TargetError['code'] | null): readonly string[] {
  return code === 'denied'
    ? ['Where our user may read only some keys, name their prefix: `/etcd churn CLUSTER /some/prefix/`.']
    : ['Ask again in a moment.'];
}

interface State {
  readonly churn: Churn;
  readonly member: LookedAt;
  readonly watchedMs: number;
  readonly owners?: BlockOwners;
  readonly end?: WatchEnd;
  readonly cronJobs?: ChurnReport['cronJobs'];
}

type Course = (state: LookState, so?: State) => AnswerBody;

function courseOf({ clock }: KeysDeps, { prefix, forMs }: ChurnSettings): Course {
  const startedAt = clock.now();
  return (state, so) => {
    const { churn } = so ?? { churn: makeChurn(prefix) };
    const rows = fewerChurnRows(churn.rows(), state === 'running' ? ROWS_MEANWHILE : ROWS_KEPT);
    const report: ChurnReport = {
      ...{ state, prefix, forMs, startedAt, rows, tookMs: clock.now() - startedAt },
      ...{ member: so?.member ?? null, watchedMs: so?.watchedMs ?? 0, total: churn.total() },
      keys: state === 'running' ? [] : churn.keys(so?.owners ?? new Map()),
      ...{ created: churn.created(), leased: churn.leased(), leases: churn.leases(), folded: churn.folded() },
      cronJobs: so?.cronJobs ?? null,
      reason: so?.end?.kind === 'stopped' ? so.end.reason : null,
      cancelledBy: so?.end?.kind === 'cancelled' ? so.end.by : null,
    };
    return { kind: 'churn', report };
  };
}
