import type { Answer } from '../../domain/answer.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import { escape, person } from './escape.js';
import { compose, type Message } from './message.js';
import { section } from './parts.js';
import { otherMessage } from './refusal.js';

/** Changes were paused, or go on: by whom, why, and what that does to what is open. */
export function steeredMessage(answer: Answer): Message {
  const { body, question } = answer;
  if (body.kind !== 'steered') return otherMessage(answer);
  const { scope, pause, open } = body;
  const everywhere = scope === ALL_CLUSTERS;
  const where = everywhere ? 'all clusters' : scope;
  const { reason } = question.options;
  const why = typeof reason === 'string' && reason !== '' ? `: ${escape(reason)}` : '';
  const by = `By ${person(question.asker.userId)}${why}`;
  const lines = pause
    ? [by, pausedText(open), `\`/etcd resume ${everywhere ? 'all' : escape(scope, 60)}\` lets changes go on.`]
    : [by, resumedText(open), ...(everywhere ? [STILL_PAUSED] : [])];
  return compose({
    verdict: pause ? `⏸ Changes are paused for ${where}` : `▶ Changes go on for ${where}`,
    body: [section(lines.join('\n'))],
  });
}

const STILL_PAUSED = 'A cluster that was paused by its name stays paused: resume it by its name.';

function pausedText(open: number): string {
  const what = open === 0 ? 'Nothing is open now.' : `${opened(open)}: each card says so.`;
  return `Nothing starts, and what runs stops after its step. ${what}`;
}

function resumedText(open: number): string {
  if (open === 0) return 'Nothing was waiting.';
  return `${opened(open)}: what is approved and still in time starts.`;
}

function opened(open: number): string {
  return `${String(open)} open ${open === 1 ? 'operation' : 'operations'}`;
}
