import type { Actor } from '../../domain/actor.js';
import { withEvent } from '../../domain/alerting/apply.js';
import type { Incident, Mute } from '../../domain/alerting/incident.js';
import type { AlertRule } from '../../domain/alerting/rule.js';
import { active } from '../../domain/alerting/signals.js';
import type { AnswerBody, Question } from '../../domain/answer.js';
import { nearest } from '../../domain/nearest.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import type { AnswerStore } from '../../domain/ports.js';
import { milliseconds } from '../../domain/units.js';
import type { Catalogue } from '../catalogue.js';
import { changeIncident } from './acknowledge.js';
import { muted, tooLong, type MuteDeps } from './muting.js';

export interface MuteQuestionDeps extends Omit<MuteDeps, 'directory' | 'teamId'> {
  readonly answers: AnswerStore;
  readonly rules: Catalogue<AlertRule>;
}

/** Any rule. */
const EVERY = '*';
const USUALLY = '2h';

/** Nothing is told of a rule (of any, where none is named) on a cluster until then. Safe to repeat: the newest counts. */
export async function muteAlerts(deps: MuteQuestionDeps, question: Question): Promise<void> {
  const rule = textOf(question, 'rule') ?? EVERY;
  const forMs = milliseconds(textOf(question, 'for') ?? USUALLY);
  const refusal = tooLong(forMs);
  if (refusal && !refusal.ok) return reply(deps, question, refused(refusal.reason, refusal.instead));
  if (rule !== EVERY && !deps.rules.has(rule)) return reply(deps, question, noSuchRule(deps, rule));
  const at = question.askedAt;
  const cluster = scopeOf(question);
  const reason = textOf(question, 'reason') ?? '';
  const mute: Mute = { cluster, rule, until: at + (forMs ?? 0), by: question.asker, reason, at };
  await deps.mutes.set(mute);
  await inOpen(deps, cluster, (incident) => (covers(mute, incident) ? muted(incident, mute) : null));
  await record(deps, question, { event: 'incident.muted', mutes: [mute] });
  await reply(deps, question, { kind: 'muted', cluster, rule, mute, lifted: [] });
}

/** One rule's mute, or every mute of the cluster where no rule is named. */
export async function unmuteAlerts(deps: MuteQuestionDeps, question: Question): Promise<void> {
  const cluster = scopeOf(question);
  const rule = textOf(question, 'rule') ?? null;
  const all = await deps.mutes.list(deps.clock.now());
  const meant = all.filter((mute) => mute.cluster === cluster && (rule === null || mute.rule === rule));
  const lifted: Mute[] = [];
  for (const mute of meant) {
    const one = await deps.mutes.lift(mute.cluster, mute.rule);
    if (one) lifted.push(one);
  }
  if (lifted.length === 0) return reply(deps, question, nothingMuted(all, cluster));
  await inOpen(deps, cluster, (incident) =>
    unmuted(incident, lifted, { at: deps.clock.now(), by: question.asker }),
  );
  await record(deps, question, { event: 'incident.unmuted', mutes: lifted });
  await reply(deps, question, { kind: 'muted', cluster, rule: rule ?? EVERY, mute: null, lifted });
}

function textOf({ options }: Question, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function scopeOf({ cluster }: Question): string {
  return cluster ?? ALL_CLUSTERS;
}

function refused(reason: string, safe: readonly string[] = []): AnswerBody {
  return { kind: 'refusal', reason, safe };
}

function noSuchRule({ rules }: MuteQuestionDeps, rule: string): AnswerBody {
  const meant = nearest(rule, [...rules.keys()]);
  const known = `The rules are: ${[...rules.keys()].join(', ')}.`;
  return refused(`There is no alert rule “${rule}”.`, [meant ? `Did you mean \`${meant}\`?` : known]);
}

function nothingMuted(all: readonly Mute[], cluster: string): AnswerBody {
  const everywhere = all.some((mute) => mute.cluster === ALL_CLUSTERS) && cluster !== ALL_CLUSTERS;
  return refused('Nothing like that is muted here.', [
    everywhere
      ? 'Something is muted for all clusters: `/etcd unmute all` lifts that.'
      : '`/etcd incidents` shows what is muted.',
  ]);
}

/** All that fires of it is muted by this one. */
function covers(mute: Mute, incident: Incident): boolean {
  return active(incident).every(({ rule }) => mute.rule === EVERY || mute.rule === rule);
}

function unmuted(
  incident: Incident,
  lifted: readonly Mute[],
  { at, by }: { readonly at: number; readonly by: Actor },
): Incident | null {
  const { mute, ...rest } = incident;
  if (!lifted.some((one) => one.cluster === mute?.cluster && one.rule === mute.rule)) return null;
  if (incident.untold) return rest;
  return withEvent(rest, { kind: 'unmuted', at, text: 'Told again from now on.', by });
}

async function inOpen(
  deps: MuteQuestionDeps,
  scope: string,
  change: (incident: Incident) => Incident | null,
): Promise<void> {
  const open = await deps.alerts.open();
  const concerned = open.filter(({ cluster }) => scope === ALL_CLUSTERS || cluster === scope);
  for (const incident of concerned) await changeIncident(deps, incident, change);
}

interface Steered {
  readonly event: string;
  readonly mutes: readonly Mute[];
}

async function record(
  { audit, clock }: MuteQuestionDeps,
  question: Question,
  { event, mutes }: Steered,
): Promise<void> {
  await audit.record({
    at: clock.now(),
    event,
    who: question.asker.userId,
    why: textOf(question, 'reason'),
    cluster: question.cluster ?? undefined,
    detail: { rules: mutes.map(({ rule }) => rule), until: mutes[0]?.until },
  });
}

async function reply(deps: MuteQuestionDeps, question: Question, body: AnswerBody): Promise<void> {
  await deps.answers.save({ question, answeredAt: deps.clock.now(), body });
  await deps.outbox.put({ kind: 'answer', id: question.id, version: question.version });
}
