import type { AuditEntry } from '../../domain/audit.js';
import { bare } from '../../domain/sentence.js';
import { escape, person } from './escape.js';

/** What happened, in words; what a person did ends so that their name can follow. */
const WORDS = new Map(
  Object.entries({
    'process.started': 'process started',
    'process.stopped': 'process stopped',
    'configuration.loaded': 'configuration loaded',
    'operation.proposed': 'proposed',
    'operation.superseded': 'superseded by a newer plan',
    'operation.approved': 'approved',
    'operation.denied': 'denied',
    'operation.click-refused': 'refused a click',
    'operation.cancel': 'cancel asked for',
    'operation.started': 'started',
    'operation.handed-over': 'handed over to the next process',
    'operation.taken-over': 'taken over from a process that is gone',
    'operation.succeeded': 'succeeded',
    'operation.failed': 'failed',
    'operation.cancelled': 'cancelled',
    'operation.expired': 'expired',
    'operation.stale': 'stale, nothing was touched',
    'step.begun': 'step begun',
    'step.done': 'step done',
    'step.skipped': 'step skipped',
    'step.failed': 'step failed',
    'step.unclear': 'step unclear, its end was not seen',
    'changes.paused': 'changes paused',
    'changes.resumed': 'changes resumed',
    'look.cancelled': 'look cancelled',
    'command.refused': 'refused a command',
  }),
);

/** One entry in one line, without its time: `approved by @Anna — fix calico-prod (a1b2c3d4)`. */
export function entryText(entry: AuditEntry, runbook: string | undefined): string {
  const said = WORDS.get(entry.event);
  const what = said === undefined ? escape(entry.event, 60) : `${said}${kindOf(entry)}`;
  const by =
    entry.who === undefined ? '' : ` ${entry.event.endsWith('refused') ? 'of' : 'by'} ${person(entry.who)}`;
  const about = aboutText(entry, runbook);
  const why = whyText(entry);
  return `${what}${by}${about === '' ? '' : ` — ${about}`}${why === '' ? '' : `: ${why}`}`;
}

/** What tells two entries of one event apart: what was clicked, which process it was. */
function kindOf({ event, detail }: AuditEntry): string {
  if (event === 'operation.approved' && detail?.['emergency'] === true) return ' alone, as an emergency,';
  const role = event.startsWith('process.') ? textIn(detail, 'role') : undefined;
  if (role !== undefined) return ` (role ${escape(role, 30)})`;
  const clicked = event === 'operation.click-refused' ? textIn(detail, 'verdict') : undefined;
  return clicked === undefined ? '' : ` (${escape(clicked, 30)})`;
}

function aboutText(entry: AuditEntry, runbook?: string): string {
  const { event, cluster, operation, planHash, detail } = entry;
  const step = event.startsWith('step.') ? textIn(detail, 'step') : undefined;
  const act = step === undefined ? runbook : `${step} on`;
  const where = cluster ?? (event.startsWith('changes.') ? 'all clusters' : undefined);
  const words = [act, where].filter((word) => word !== undefined).map((word) => escape(word, 80));
  const id = planHash ?? operation;
  return [...words, ...(id === undefined ? [] : [`(${escape(id.slice(0, 8))})`])].join(' ');
}

/** Why it was refused, else the person's reason, else what the bot itself says of it. */
function whyText({ why, detail }: AuditEntry): string {
  const refused = textIn(detail, 'refused');
  if (refused === undefined && why !== undefined && why !== '') return `“${escape(why, 150)}”`;
  return escape(bare(refused ?? textIn(detail, 'because') ?? textIn(detail, 'summary') ?? ''), 150);
}

function textIn(detail: AuditEntry['detail'], name: string): string | undefined {
  const value = detail?.[name];
  return typeof value === 'string' ? value : undefined;
}
