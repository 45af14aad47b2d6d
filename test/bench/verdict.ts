import type { LocalSlack, LoggedCall } from '../../infra/local/slack/index.js';
import { until } from '../../infra/local/until.js';
import { approvalsOf, type Operation } from '../../src/domain/operation.js';
import type { Card } from './clicks.js';
import type { Desk } from './desk.js';

/** What one click was answered through its response_url. */
export interface Answer {
  /** The texts, all of them where it was answered more than once. */
  readonly said: readonly string[];
  /** From its delivery to the bot until the first answer, milliseconds. */
  readonly tookMs: number;
  /** The operation whose button it was. */
  readonly operation: string;
}

export function answersTo(slack: LocalSlack, count: number): Promise<readonly Answer[]> {
  return until(
    () => {
      const answers = answersIn(slack);
      return answers.length >= count && answers.every(({ said }) => said.length > 0) && answers;
    },
    { what: 'every click is answered', timeoutMs: 60_000, everyMs: 250 },
  );
}

function answersIn(slack: LocalSlack): readonly Answer[] {
  const calls = groupedBy(slack.faults.log(), ({ response = '' }) => response);
  return slack.deliveries().map(({ payload, sentAt }) => {
    const { response_url: url = '', actions } = payload as Partial<ClickPayload>;
    const own = calls.get(url.slice(url.lastIndexOf('/') + 1)) ?? [];
    return {
      said: own.map(saidBy),
      tookMs: (own[0]?.at ?? Infinity) - performance.timeOrigin - sentAt,
      operation: actions?.[0]?.value ?? '',
    };
  });
}

function groupedBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

interface ClickPayload {
  readonly response_url: string;
  readonly actions: readonly { readonly value: string }[];
}

function saidBy({ body }: LoggedCall): string {
  return typeof body['text'] === 'string' ? body['text'] : '';
}

export interface Outcome {
  readonly cards: readonly Card[];
  readonly answers: readonly Answer[];
  readonly clicks: number;
  /** Clicks that the bot did not ack in Slack's time. */
  readonly untaken: number;
}

/** What should hold and does not: every click answered once, every operation decided once, all of it in the trail. */
export async function broken(
  desk: Desk,
  { cards, answers, clicks, untaken }: Outcome,
): Promise<readonly string[]> {
  const twice = answers.filter(({ said }) => said.length !== 1);
  const trail = await desk.trail();
  const written = (event: string): number => trail.filter((line) => line.includes(`"${event}"`)).length;
  const jobs = await desk.queues.operations.getJobs(['waiting', 'prioritized', 'delayed', 'active']);
  const expected: Readonly<Record<string, readonly [number, number]>> = {
    'clicks delivered': [answers.length, clicks],
    'clicks that were not acked in time': [untaken, 0],
    'clicks answered twice': [twice.length, 0],
    'approvals in the trail': [written('operation.approved'), 2 * cards.length],
    'refused clicks in the trail': [written('operation.click-refused'), clicks - 2 * cards.length],
    'jobs to run': [jobs.length, cards.length],
  };
  const counts = Object.entries(expected).flatMap(([what, [found, wanted]]) =>
    found === wanted ? [] : [`${what}: ${String(found)} instead of ${String(wanted)}`],
  );
  const byOperation = groupedBy(answers, ({ operation }) => operation);
  const operations = await Promise.all(cards.map(({ id }) => desk.operations.load(id)));
  const ids = new Set(jobs.map(({ id }) => id));
  const records = operations.flatMap((operation) =>
    operation === null
      ? ['a record is gone']
      : undecided(operation, byOperation.get(operation.id) ?? [], ids),
  );
  return [...counts, ...records];
}

function undecided(
  { id, state, token, reviews }: Operation,
  answers: readonly Answer[],
  jobs: ReadonlySet<string | undefined>,
): readonly string[] {
  const told = (words: string): number =>
    answers.filter(({ said }) => said[0]?.includes(words) === true).length;
  const people = new Set(reviews.map(({ by }) => by.userId));
  const holds: Readonly<Record<string, boolean>> = {
    'is approved, with its token': state === 'approved' && token !== undefined,
    'has two approvals of two people':
      reviews.length === 2 && approvalsOf({ reviews }) === 2 && people.size === 2,
    'has its job': jobs.has(`run-${id}-0`),
    'told the first one that it counts': told('counts: 1 of 2') === 1,
    'told the second one that it starts': told('counts: 2 of 2') === 1,
    'told everybody else how it stands': told('It is approved already') === answers.length - 2,
  };
  return Object.entries(holds).flatMap(([what, is]) => (is ? [] : [`${id}: it is not so that it ${what}`]));
}
