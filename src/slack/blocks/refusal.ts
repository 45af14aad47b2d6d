import type { Answer } from '../../domain/answer.js';
import { escape, prose, withPeople } from './escape.js';
import { compose, type Message } from './message.js';
import { section } from './parts.js';

/** A no, with its reason and what can be done instead. `people`: user ids that the reason may name. */
export function refusalMessage(
  reason: string,
  instead: readonly string[] = [],
  people: readonly string[] = [],
): Message {
  const lines = instead.map((line) => `•  ${withChannels(prose(line))}`);
  const rest = lines.length === 0 ? [] : [section(['*What you can do*', ...lines].join('\n'))];
  const body = [section(withPeople(withChannels(prose(reason, 1000)), people)), ...rest];
  const message = compose({ verdict: reason, headline: false, body });
  return { ...message, text: withPeople(withChannels(message.text), people) };
}

/** Where else to ask: a channel is shown as Slack shows it, which notifies nobody. */
function withChannels(escaped: string): string {
  return escaped.replaceAll(/&lt;(#[CG][A-Z0-9]+)&gt;/g, '<$1>');
}

/** A bug of ours: the log has the stack under the reference. */
export function mishapMessage(reference: string): Message {
  const said = 'Something went wrong on my side, so there is no answer.';
  const hint = `Please try once more. If it happens again, the log tells more under \`${escape(reference, 80)}\`.`;
  return compose({ verdict: said, headline: false, body: [section(`${said}\n${hint}`)] });
}

/** Something that the bot stands on does not answer; the command was not taken. */
export function unreachableMessage(what: string): Message {
  return refusalMessage(`${what} does not answer, so I could not take this.`, [
    'Try again in a minute: asking twice does no harm.',
    'What is already running goes on: nothing of it is lost.',
  ]);
}

/** Every answer that is no examination or list, whatever was asked. */
export function otherMessage(answer: Answer): Message {
  const { body } = answer;
  if (body.kind === 'refusal') return refusalMessage(body.reason, body.safe, body.people);
  if (body.kind === 'mishap') return mishapMessage(body.reference);
  const said = 'The answer is of another kind than the question.';
  return compose({ verdict: said, headline: false, body: [section(said)] });
}
