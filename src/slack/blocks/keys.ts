import type { Answer } from '../../domain/answer.js';
import { fewerKeyRows } from '../../domain/keys/rows.js';
import type { KeyFigures, KeyRow, KeysReport, LookState, SizedKey } from '../../domain/keys/report.js';
import type { StoredResource } from '../../domain/kubernetes/records.js';
import { bytes, duration, grouped } from '../../domain/units.js';
import { escape, oneLine } from './escape.js';
import {
  cancelButton,
  counted,
  endLines,
  foldedLines,
  LOOK_MARK,
  memberText,
  MOST_KEYS_SHOWN,
  MOST_ROWS,
  prefixText,
  setIn,
  underText,
} from './look.js';
import { compose, type Message, type MessageFile } from './message.js';
import { context, sections } from './parts.js';
import { otherMessage } from './refusal.js';
import { code, textTable } from './table.js';
import { moment } from './time.js';

/** What fills a cluster: while it is counted how far that is, and in the end all of it. */
export function keysMessage(answer: Answer): Message {
  if (answer.body.kind !== 'keys') return otherMessage(answer);
  const { report } = answer.body;
  const cluster = answer.question.cluster ?? '';
  return compose({
    verdict: `${LOOK_MARK[report.state]} ${cluster}: ${verdict(report)}`,
    body: [
      ...sections([...endLines(report), ...progressLines(report), ...sinceLines(report)]),
      ...sections(fewerKeyRows(report.rows, MOST_ROWS).map((row) => rowText(row, report.state))),
      ...sections(largestLines(report)),
      ...sections(storedLines(report)),
    ],
    tail: [context(footer(report)), ...cancelButton(answer.question.id, report)],
    file: fileOf(cluster, report),
  });
}

function verdict(report: KeysReport): string {
  const { state, total, about } = report;
  const under = underText(report);
  if (state === 'waiting') return 'another look at its keys is under way, this one waits for it';
  if (state === 'running') {
    const of = about === null ? '' : ` of about ${grouped(about)}`;
    return `counting … ${grouped(total.keys)}${of} keys${under}`;
  }
  const keys = counted(total.keys, 'key');
  if (state === 'done') return `${keys}${under}, ${amount(report, total)}`;
  return `${keys}${about === null ? '' : ` of about ${grouped(about)}`} counted${under}`;
}

function progressLines({ state, total, about, tookMs, rate }: KeysReport): readonly string[] {
  if (state !== 'running') return [];
  const pace = rate === null ? 'as fast as it goes' : `at most ${grouped(rate)} keys a second`;
  const left = about === null || total.keys === 0 ? null : (tookMs / total.keys) * (about - total.keys);
  return [left === null || left <= 0 ? pace : `${pace}, about ${duration(left)} left`];
}

function sinceLines({ state, before, total }: KeysReport): readonly string[] {
  if (before === null || state !== 'done') return [];
  const keys = signed(total.keys - before.keys, grouped);
  return [
    `Since the last look, ${moment(before.at)}: ${keys} keys, ${signed(total.bytes - before.bytes, bytes)}`,
  ];
}

function rowText(row: KeyRow, state: LookState): string {
  const { keys, revisions } = row;
  const before = state === 'done' ? row.before : null;
  const figures = [
    counted(keys, 'key'),
    `written ${counted(revisions, 'time')}`,
    withMargin(row),
    ...(before && before.keys !== keys ? [`${signed(keys - before.keys, grouped)} keys since`] : []),
  ];
  return `${prefixText(row)}\n${setIn(figures.join(' · '))}`;
}

function amount({ sizesRead, bytesBy }: KeysReport, figures: KeyFigures): string {
  if (sizesRead === 0 && bytesBy === 'sample' && figures.keys > 0) return 'sizes not known';
  return withMargin(figures);
}

function withMargin({ bytes: count, margin }: KeyFigures): string {
  if (margin === 0 || count === 0) return bytes(count);
  const percent = (100 * margin) / count;
  return `${bytes(count)} ±${percent < 1 ? '1' : percent.toFixed(0)} %`;
}

function signed(difference: number, text: (count: number) => string): string {
  if (difference === 0) return '±0';
  return `${difference > 0 ? '+' : '−'}${text(Math.abs(difference))}`;
}

function largestLines({ largest, bytesBy }: KeysReport): readonly string[] {
  if (largest.length === 0) return [];
  const which = bytesBy === 'all' ? '*Largest keys*' : '*Largest keys among those whose size was read*';
  return [which, ...largest.slice(0, MOST_KEYS_SHOWN).map(keyText)];
}

function keyText({ key, name, bytes: count }: SizedKey): string {
  const what = name === null ? '' : `  ${escape(name, 120)}`;
  return `${code(escape(key, 150))} ${bytes(count)}${what}`;
}

function storedLines({ stored }: KeysReport): readonly string[] {
  if (stored === null) return [];
  if (stored === 'unknown') return ['⚪ What the API server says that it stores could not be read.'];
  if (stored.length === 0) return [];
  return ['*By the API server’s own count*', ...stored.map(storedText)];
}

/** Null is what it does not say. */
function storedText({ group, resource, objects, bytes: count }: StoredResource): string {
  const name = group === '' ? resource : `${resource}.${group}`;
  const figures = [
    ...(objects === null ? [] : [counted(objects, 'object')]),
    ...(count === null ? [] : [`about ${bytes(count)}`]),
  ];
  return `${code(escape(name, 150))} ${figures.join(', ') || 'not told how many'}`;
}

function footer(report: KeysReport): string {
  const { revisions, tookMs, bytesBy, sizesRead, state } = report;
  const [first, last] = revisions ?? [0, 0];
  const revision =
    first === last ? `revision ${grouped(first)}` : `revisions ${grouped(first)} to ${grouped(last)}`;
  const span = first === last ? [] : [`The counts span ${revision}: compactions came between`];
  const sample = `bytes by ${grouped(sizesRead)} sampled values, ± with 95 % confidence (\`--bytes\` reads all)`;
  const ended = state !== 'running' && state !== 'waiting';
  const where = [memberText(report), ...(first === 0 ? [] : [revision]), duration(tookMs)].filter(Boolean);
  return [
    where.join(' · '),
    ...span,
    ...(!ended ? [] : [bytesBy === 'all' ? 'every value’s length was read' : sample]),
    ...foldedLines(report),
  ].join('\n');
}

function fileOf(cluster: string, report: KeysReport): MessageFile | undefined {
  if (report.rows.length <= MOST_ROWS) return undefined;
  const title = ['prefix', 'what', 'keys', 'writes', 'bytes', '±', 'keys before'];
  const rows = report.rows.map(
    ({ prefix, name, keys, revisions, bytes: count, margin, before, prefixes }) => [
      prefix === '' ? `(${String(prefixes)} others)` : oneLine(prefix),
      oneLine(name ?? ''),
      ...[keys, revisions, count, margin].map(String),
      before === null ? '' : String(before.keys),
    ],
  );
  const largest = report.largest.map(({ key, name, bytes: count }) => [
    ...[oneLine(key), oneLine(name ?? ''), String(count)],
  ]);
  const content = `${textTable([title, ...rows])}\n\nLargest keys (bytes)\n${textTable(largest)}\n`;
  return { name: 'keys.txt', title: `Keys of ${oneLine(cluster)}`, content };
}
