import { randomBytes } from 'node:crypto';
import { linkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';
import { secretFrom, type SecretSource } from './environment.js';
import { codeOf, readSecret, reasonOf } from './files.js';
import type { Problems } from './problems.js';

const LEAST_LENGTH = 32;
const ADVICE = 'make one with `openssl rand -hex 32`, and give the same to every process';

/**
 * The key that signs approval records. Processes of split roles must share it, so only the role `all` may make its
 * own; it keeps it, so that approvals outlive a restart.
 */
export function readKey(problems: Problems, source: SecretSource): string {
  const given = secretFrom(problems, source.env, 'STEWARD_KEY');
  if (given !== null) return longEnough(problems, given);
  if (problems.has(['STEWARD_KEY_FILE'])) return '';
  const file = join(source.stateDirectory, 'steward.key');
  if (source.audits) return keyOfTrail(problems, file);
  if (source.role !== 'all') {
    problems.add(['STEWARD_KEY'], `is missing, and the role ${source.role} can’t make its own; ${ADVICE}`);
    return '';
  }
  // A configuration that is refused leaves no key behind.
  return problems.list().length > 0 ? '' : ownKey(problems, file);
}

/** The one that the trail was written with; a new one would prove nothing. */
function keyOfTrail(problems: Problems, file: string): string {
  const key = readSecret(file);
  if (key.ok) return key.value;
  const advice = 'give the one that the processes had when they wrote the trail';
  problems.add(['STEWARD_KEY'], `is missing, and ${key.reason}; ${advice}`);
  return '';
}

function longEnough(problems: Problems, key: string): string {
  if (key.length < LEAST_LENGTH)
    problems.add(['STEWARD_KEY'], `is shorter than ${String(LEAST_LENGTH)} characters; ${ADVICE}`);
  return key;
}

function ownKey(problems: Problems, file: string): string {
  const key = keptKey(file);
  if (key.ok) return key.value;
  problems.add(['STEWARD_KEY'], key.reason);
  return '';
}

function keptKey(file: string): Verdict<string> {
  try {
    if (statSync(file, { throwIfNoEntry: false }) === undefined) keepNew(file);
    if ((statSync(file).mode & 0o007) !== 0) return no(`${file} is open to everybody; run chmod 600 on it`);
  } catch (error) {
    return no(`${file} can’t be kept: it ${reasonOf(error)}`);
  }
  const key = readSecret(file);
  if (!key.ok) return key;
  return key.value.length < LEAST_LENGTH
    ? no(`${file} holds no key; remove it, and a new one is made`)
    : yes(key.value);
}

/** Written aside and linked: of two processes that start together one wins, and none ever reads half a key. */
function keepNew(file: string): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(aside, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(aside, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
