import type { Answer } from '../../domain/answer.js';
import { fewerChurnRows } from '../../domain/keys/rows.js';
import type { ChurnedKey, ChurnFigures, ChurnReport } from '../../domain/keys/report.js';
import type { CronJobPace } from '../../domain/kubernetes/facts.js';
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

/** Who writes to a cluster, by what is written. */
export function churnMessage(answer: Answer): Message {
  if (answer.body.kind !== 'churn') return otherMessage(answer);
  const { report } = answer.body;
  const cluster = answer.question.cluster ?? '';
  const seconds = report.watchedMs / 1000;
  return compose({
    verdict: `${LOOK_MARK[report.state]} ${cluster}: ${verdict(report)}`,
    body: [
      ...sections([...endLines(report), ...aboutLines(report)]),
      ...sections(
        fewerChurnRows(report.rows, MOST_ROWS).map(
          (row) => `${prefixText(row)}\n${setIn(figuresText(row, seconds))}`,
        ),
      ),
      ...sections(keyLines(report)),
      ...sections(cronJobLines(report.cronJobs)),
    ],
    tail: [context(footer(report)), ...cancelButton(answer.question.id, report)],
    file: fileOf(cluster, report),
  });
}

function verdict(report: ChurnReport): string {
  const { state, total, watchedMs, forMs } = report;
  const changes = total.writes + total.deletes;
  if (state === 'waiting') return 'another look at its keys is under way, this one waits for it';
  if (state === 'running')
    return `watching … ${duration(watchedMs)} of ${duration(forMs)}, ${grouped(changes)} changes${underText(report)}`;
  if (changes === 0) return `nothing was written${underText(report)} within ${duration(watchedMs)}`;
  const pace = perSecond(total.writes, watchedMs / 1000);
  return `${pace} writes a second${underText(report)}, ${bytes(total.bytes)} within ${duration(watchedMs)}`;
}

function aboutLines({ state, total, created, leased, leases }: ChurnReport): readonly string[] {
  if (state === 'waiting' || total.writes + total.deletes === 0) return [];
  const parts = [
    counted(total.writes, 'write'),
    `${grouped(created)} of them new keys`,
    counted(total.deletes, 'delete'),
    ...(leased > 0 ? [`${counted(leased, 'write')} with a lease (${counted(leases, 'lease')})`] : []),
  ];
  return [parts.join(' · ')];
}

function figuresText({ writes, deletes, bytes: count }: ChurnFigures, seconds: number): string {
  return [
    `${counted(writes, 'write')} (${perSecond(writes, seconds)}/s)`,
    ...(deletes > 0 ? [counted(deletes, 'delete')] : []),
    `${bytes(count)} (${seconds > 0 ? bytes(Math.round(count / seconds)) : '?'}/s)`,
  ].join(' · ');
}

function perSecond(count: number, seconds: number): string {
  if (seconds <= 0) return '?';
  const pace = count / seconds;
  return pace >= 10 ? grouped(Math.round(pace)) : pace.toFixed(1);
}

function keyLines({ keys }: ChurnReport): readonly string[] {
  if (keys.length === 0) return [];
  return ['*Keys that change most*', ...keys.slice(0, MOST_KEYS_SHOWN).map(keyText)];
}

function keyText({ key, name, writes, deletes, bytes: count }: ChurnedKey): string {
  const what = name === null ? '' : `  ${escape(name, 120)}`;
  const gone = deletes > 0 ? `, ${counted(deletes, 'delete')}` : '';
  return `${code(escape(key, 150))} ${counted(writes, 'write')}${gone}, ${bytes(count)}${what}`;
}

function cronJobLines(cronJobs: ChurnReport['cronJobs']): readonly string[] {
  if (cronJobs === null) return [];
  if (cronJobs === 'unknown') return ['⚪ Which CronJobs start most pods could not be read.'];
  if (cronJobs.length === 0) return [];
  return ['*CronJobs that start most pods*, and so write much of this', ...cronJobs.map(cronJobText)];
}

function cronJobText({ namespace, name, schedule, podsPerHour, basis, suspended }: CronJobPace): string {
  const pace = `${grouped(Math.round(podsPerHour))} pods an hour${basis === 'planned' ? ' by its schedule' : ''}`;
  return `${code(escape(`${namespace}/${name}`, 150))} ${pace}, ${code(escape(schedule, 60))}${suspended ? ', suspended' : ''}`;
}

function footer(report: ChurnReport): string {
  const watched = report.watchedMs > 0 ? [`watched for ${duration(report.watchedMs)}`] : [];
  return [[memberText(report), ...watched].filter(Boolean).join(' · '), ...foldedLines(report)]
    .filter(Boolean)
    .join('\n');
}

function fileOf(cluster: string, report: ChurnReport): MessageFile | undefined {
  if (report.rows.length <= MOST_ROWS) return undefined;
  const title = ['prefix', 'what', 'writes', 'deletes', 'bytes'];
  const rows = report.rows.map(({ prefix, name, writes, deletes, bytes: count, prefixes }) => [
    prefix === '' ? `(${String(prefixes)} others)` : oneLine(prefix),
    oneLine(name ?? ''),
    ...[writes, deletes, count].map(String),
  ]);
  return {
    name: 'churn.txt',
    title: `Changes of ${oneLine(cluster)}`,
    content: `${textTable([title, ...rows])}\n`,
  };
}
