import { ofMessage, refusal } from '../../infra/local/slack/limits/refusal.js';
import type { LoggedCall } from '../../infra/local/slack/index.js';

/** Whatever the bot posted that Slack would refuse for its contents: too long, malformed, too many blocks. */
export function refusedContents(calls: readonly LoggedCall[]): readonly string[] {
  return calls.flatMap(({ method, body }) => {
    const found = method === 'response_url' ? ofMessage(body) : refusal(method, body);
    return found === undefined ? [] : [`${method}: ${found.error} ${(found.messages ?? []).join('; ')}`];
  });
}

interface LogLine {
  readonly level?: string | number;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
}

const ERROR = 50;
const LONGEST = 500;

/** Lines of the bot's log that say "error": a bug, or something that the scene has made on purpose. */
export function troubleIn(log: string, expected?: RegExp): readonly string[] {
  return log
    .split('\n')
    .filter((line) => isTrouble(line))
    .filter((line) => expected?.test(line) !== true)
    .map((line) => line.slice(0, LONGEST));
}

function isTrouble(line: string): boolean {
  if (!line.startsWith('{')) return false;
  const { level } = JSON.parse(line) as LogLine;
  return level === 'error' || (typeof level === 'number' && level >= ERROR);
}
