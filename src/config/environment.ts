import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';
import type { Environment, LogLevel, Role } from './config.js';
import { LOG_LEVELS } from './config.js';
import { nearest } from './keys.js';
import { parseUrl } from './endpoints.js';
import { readSecret } from './files.js';
import type { Problems } from './problems.js';

/** Each also as a file, with `_FILE` appended. */
export type SecretName =
  'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN' | 'SLACK_SIGNING_SECRET' | 'STEWARD_KEY' | 'REDIS_URL';

export interface SecretSource {
  readonly env: Environment;
  readonly role: Role;
  readonly stateDirectory: string;
  /** Only to prove the audit trail: no token is needed, and no key is made. */
  readonly audits: boolean;
}

/** The configuration file named in the environment. */
export function configFileFrom(env: Environment): string | null {
  return given(env, 'STEWARD_CONFIG');
}

/** An empty variable counts as none: container tools pass on the ones that nobody set. */
export function given(env: Environment, name: string): string | null {
  const value = env[name]?.trim() ?? '';
  return value === '' ? null : value;
}

/** From the variable or from the file that `…_FILE` names; null: neither is there, or it can't be used. */
export function secretFrom(problems: Problems, env: Environment, name: SecretName): string | null {
  const read = readVariable(env, name);
  if (read.ok) return read.value;
  problems.add([`${name}_FILE`], read.reason);
  return null;
}

function readVariable(env: Environment, name: SecretName): Verdict<string | null> {
  const value = given(env, name);
  const file = given(env, `${name}_FILE`);
  if (file === null) return yes(value);
  if (value !== null) return no(`is given as well as ${name}; keep one of them`);
  const content = readSecret(file);
  return content.ok
    ? yes(content.value.trim())
    : no(`${content.reason}; name a file that this process can read`);
}

export function logLevelFrom(problems: Problems, env: Environment): LogLevel {
  const value = given(env, 'LOG_LEVEL');
  const level = LOG_LEVELS.find((known) => known === value?.toLowerCase());
  if (value === null || level !== undefined) return level ?? 'info';
  const meant = nearest(value, LOG_LEVELS);
  const hint = meant === undefined ? `write one of: ${LOG_LEVELS.join(', ')}` : `did you mean \`${meant}\`?`;
  problems.add(['LOG_LEVEL'], `is not a level; ${hint}`);
  return 'info';
}

export function slackApiUrlFrom(problems: Problems, env: Environment): string | null {
  const value = given(env, 'SLACK_API_URL');
  const parsed = value === null ? null : parseUrl(value);
  if (parsed !== null && !parsed.ok) problems.add(['SLACK_API_URL'], parsed.reason);
  return value;
}
