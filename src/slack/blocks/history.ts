import type { Answer, AnswerBody, Question } from '../../domain/answer.js';
import { auditLine, type AuditEntry } from '../../domain/audit.js';
import { escape, oneLine, person } from './escape.js';
import { entryText } from './history-text.js';
import { compose, type Message, type MessageFile } from './message.js';
import { context, section, sections } from './parts.js';
import { otherMessage } from './refusal.js';

/** What a person can take in, and what a message can hold; escaped text may be five times as long as it looks. */
const MOST_LINES = 25;
const MOST_CHARACTERS = 8000;

/** What was asked, decided and done: newest first, in UTC, as the files have it. */
export function historyMessage(answer: Answer): Message {
  const { body, question } = answer;
  if (body.kind !== 'history') return otherMessage(answer);
  const shown = shownLines(body.entries);
  const exported = question.options['export'] === true;
  const none = 'Nothing was recorded there within the last 90 days. Older entries are in the audit files.';
  return compose({
    verdict: verdictOf(question, body),
    body: body.entries.length === 0 ? [section(none)] : sections(shown.lines),
    tail: [context(...tail(answer, shown.unseen, body.more))],
    file: exported && body.entries.length > 0 ? fileOf(question, body.entries) : undefined,
  });
}

type History = Extract<AnswerBody, { kind: 'history' }>;

function verdictOf(question: Question, { entries, more }: History): string {
  const about = [question.cluster ?? 'this channel’s clusters', dayOf(question)].filter(Boolean).join(', ');
  const count = `${String(entries.length)} ${entries.length === 1 ? 'entry' : 'entries'}`;
  if (entries.length === 0) return `History of ${about}: nothing`;
  return `History of ${about}: ${more ? `the newest ${count}` : count}`;
}

function dayOf({ options }: Question): string {
  return typeof options['day'] === 'string' ? options['day'] : '';
}

interface Shown {
  /** With a heading wherever the day changes. */
  readonly lines: readonly string[];
  /** How many more there would be. */
  readonly unseen: number;
}

function shownLines(entries: readonly AuditEntry[]): Shown {
  const runbooks = runbooksOf(entries);
  const wanted = told(entries);
  const lines: string[] = [];
  let [day, characters, count] = ['', 0, 0];
  for (const entry of wanted.slice(0, MOST_LINES)) {
    const [date = '', time = ''] = new Date(entry.at).toISOString().slice(0, 19).split('T');
    const line = `${time} ${entryText(entry, runbooks.get(entry.operation ?? ''))}`;
    characters += JSON.stringify(line).length;
    if (characters > MOST_CHARACTERS) break;
    lines.push(...(date === day ? [line] : [`*${date}* UTC`, line]));
    [day, count] = [date, count + 1];
  }
  return { lines, unseen: wanted.length - count };
}

/** A step that has ended tells that it began, too; all of it is in the file. */
function told(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  const ended = new Set(entries.filter(({ event }) => ENDED.has(event)).map(stepOf));
  return entries.filter((entry) => entry.event !== 'step.begun' || !ended.has(stepOf(entry)));
}

const ENDED: ReadonlySet<string> = new Set(['step.done', 'step.failed', 'step.unclear']);

function stepOf({ operation = '', detail }: AuditEntry): string {
  const step = detail?.['step'];
  return `${operation} ${typeof step === 'string' ? step : ''}`;
}

/** Only the proposal says which runbook an operation is of. */
function runbooksOf(entries: readonly AuditEntry[]): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ operation, detail }) => {
      const runbook = detail?.['runbook'];
      return operation !== undefined && typeof runbook === 'string' ? [[operation, runbook] as const] : [];
    }),
  );
}

function tail({ question }: Answer, unseen: number, more: boolean): readonly string[] {
  const { who, day, export: exported } = question.options;
  const whose = typeof who === 'string' ? [`Only what ${whoText(who)} did.`] : [];
  if (exported === true) {
    const rest = unseen > 0 || more ? [`The file has ${more ? 'the newest of them' : 'all of them'}.`] : [];
    return [
      ...whose,
      ...rest,
      `Proof of each line: \`etcd-steward audit verify --excerpt --file ${nameOf(question)}\``,
    ];
  }
  const narrower = day === undefined ? '`--day` and `--who` narrow it down, ' : '';
  const rest = unseen > 0 || more ? [`There is more: ${narrower}\`--export\` gives a file.`] : [];
  return [...whose, ...rest, 'Proof that nothing was changed: `etcd-steward audit verify`'];
}

function whoText(typed: string): string {
  const id = /[UW][A-Z0-9]{2,}/.exec(typed)?.[0];
  return id === undefined ? escape(typed, 40) : person(id);
}

function nameOf({ cluster }: Question): string {
  const name = (cluster ?? 'all').replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 60);
  return `audit-${name}.jsonl`;
}

/** Oldest first, as the trail itself. */
function fileOf(question: Question, entries: readonly AuditEntry[]): MessageFile {
  const content = entries.toReversed().map((entry) => `${auditLine(entry)}\n`);
  return {
    name: nameOf(question),
    title: `Audit trail of ${oneLine(question.cluster ?? 'all clusters')}`,
    content: content.join(''),
  };
}
