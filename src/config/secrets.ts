import type { Environment, Secrets } from './config.js';
import { secretFrom, type SecretSource } from './environment.js';
import { readKey } from './key.js';
import type { Problems } from './problems.js';
import { Secret } from './secret.js';

/** What the role needs, checked; what it doesn't need is not looked at, so that it can't be misused. */
export function readSecrets(problems: Problems, source: SecretSource): Secrets {
  const slack = !source.audits && (source.role === 'bot' || source.role === 'all');
  return {
    slackBotToken: slack ? botToken(problems, source.env) : null,
    slackAppToken: slack ? appToken(problems, source.env) : null,
    slackSigningSecret: slack ? hidden(secretFrom(problems, source.env, 'SLACK_SIGNING_SECRET')) : null,
    key: new Secret(readKey(problems, source)),
    redisUrl: new Secret(redisUrl(problems, source.env)),
  };
}

function hidden(value: string | null): Secret | null {
  return value === null ? null : new Secret(value);
}

function botToken(problems: Problems, env: Environment): Secret | null {
  const where = 'Slack shows it under OAuth & Permissions once the app is installed';
  return token(problems, env, { name: 'SLACK_BOT_TOKEN', prefix: 'xoxb-', where });
}

function appToken(problems: Problems, env: Environment): Secret | null {
  const where = 'Slack makes it under Basic Information, App-Level Tokens, with the scope connections:write';
  return token(problems, env, { name: 'SLACK_APP_TOKEN', prefix: 'xapp-', where });
}

interface TokenKind {
  readonly name: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';
  readonly prefix: string;
  readonly where: string;
}

function token(problems: Problems, env: Environment, { name, prefix, where }: TokenKind): Secret | null {
  const value = secretFrom(problems, env, name);
  if (value?.startsWith(prefix) === true) return new Secret(value);
  if (value !== null) problems.add([name], `must begin with ${prefix}; ${where}`);
  else if (!problems.has([`${name}_FILE`]))
    problems.add([name], `is missing; set it or ${name}_FILE. ${where}`);
  return null;
}

function redisUrl(problems: Problems, env: Environment): string {
  const value = secretFrom(problems, env, 'REDIS_URL') ?? 'redis://127.0.0.1:6379';
  if (!/^rediss?:\/\/./.test(value) || !URL.canParse(value)) {
    problems.add(['REDIS_URL'], 'is not a Redis URL; write for example redis://127.0.0.1:6379 or rediss://…');
  }
  return value;
}
