import type { AnswerBody, Question } from '../domain/answer.js';
import type { Cluster } from '../domain/cluster.js';
import { no, yes, type Verdict } from '../domain/errors.js';
import type { AnswerStore, AuditFilter, AuditTrail, Clock, Outbox } from '../domain/ports.js';
import { ALL_CLUSTERS } from '../domain/pause.js';

export interface HistoryDeps {
  readonly trail: AuditTrail;
  readonly clusters: readonly Cluster[];
  readonly answers: AnswerStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
}

/** What a message can show, and what a file may hold. */
const MOST_SHOWN = 25;
const MOST_EXPORTED = 5000;

/** What concerns a cluster though it names none, and what concerns nobody's cluster alone. */
const PAUSES = ['changes.'];
const PROCESSES = ['process.', 'configuration.', ...PAUSES];

/** The audit trail of the clusters that belong to the asking channel, by person and day. */
export async function listHistory(deps: HistoryDeps, question: Question): Promise<void> {
  const answeredAt = deps.clock.now();
  const filter = filterOf(deps, question, answeredAt);
  const body: AnswerBody = filter.ok
    ? await found(deps, filter.value)
    : { kind: 'refusal', reason: filter.reason, safe: filter.instead ?? [] };
  await deps.answers.save({ question, answeredAt, body });
  await deps.outbox.put({ kind: 'answer', id: question.id, version: question.version });
}

async function found({ trail }: HistoryDeps, filter: AuditFilter): Promise<AnswerBody> {
  const entries = await trail.read({ ...filter, limit: filter.limit + 1 });
  return {
    kind: 'history',
    entries: entries.slice(0, filter.limit),
    more: entries.length > filter.limit,
  };
}

function filterOf(
  { clusters }: HistoryDeps,
  { cluster, options, place }: Question,
  now: number,
): Verdict<AuditFilter> {
  const who = personOf(options['who']);
  if (!who.ok) return who;
  const day = dayOf(options['day'], now);
  if (!day.ok) return day;
  const here = clusters.filter(({ channels }) => channels.includes(place.channel)).map(({ name }) => name);
  return yes({
    clusters: [...here.filter((name) => cluster === null || name === cluster), ALL_CLUSTERS],
    general: cluster === null ? PROCESSES : PAUSES,
    who: who.value,
    ...day.value,
    limit: options['export'] === true ? MOST_EXPORTED : MOST_SHOWN,
  });
}

type Typed = string | boolean | undefined;

/** `U0123ABCD`, or a mention as Slack writes it. */
const PERSON = /^(?:<@)?([UW][A-Z0-9]{2,})(?:\|[^>]*)?>?$/;

function personOf(typed: Typed): Verdict<string | undefined> {
  if (typeof typed !== 'string') return yes(undefined);
  const id = PERSON.exec(typed)?.[1];
  if (id !== undefined) return yes(id);
  return no(`“${typed}” does not tell me who that is: people change their names, so I go by member ids.`, [
    'Type the id, `--who U0123ABCD`: in Slack open the profile, then ⋮ and “Copy member ID”.',
    'Or mention me instead, `@steward history --who @name`: there Slack tells me the id.',
  ]);
}

const DAY_MS = 86_400_000;

type Day = Pick<AuditFilter, 'from' | 'until'>;

/** A day of UTC, as the trail is written. */
function dayOf(typed: Typed, now: number): Verdict<Day> {
  if (typeof typed !== 'string') return yes({});
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const named = new Map([
    ['today', today],
    ['yesterday', today - DAY_MS],
  ]);
  const from = named.get(typed.toLowerCase()) ?? midnight(typed);
  if (from !== null) return yes({ from, until: from + DAY_MS });
  return no(`“${typed}” is no day.`, [
    `Type one as \`--day ${new Date(now).toISOString().slice(0, 10)}\`, or \`today\`, or \`yesterday\`; days are UTC.`,
  ]);
}

function midnight(typed: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? Date.parse(`${typed}T00:00:00Z`) : NaN;
  // The 30th of February is read as a day of March.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== typed ? null : at;
}
