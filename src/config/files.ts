import { accessSync, constants, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'lies under something that is not a directory',
  EACCES: 'is not open to this process; check its owner and mode',
  EPERM: 'is not open to this process; check its owner and mode',
  EISDIR: 'is a directory, not a file',
  EROFS: 'lies on a file system that can only be read',
  EEXIST: 'is a file, not a directory',
};

export function readText(path: string): Verdict<string> {
  const bytes = readBytes(path);
  return bytes.ok ? yes(bytes.value.toString('utf8')) : bytes;
}

export function readBytes(path: string): Verdict<Buffer> {
  try {
    return yes(readFileSync(path));
  } catch (error) {
    return no(`${path} ${reasonOf(error)}`);
  }
}

/** One value in a file, as mounted secrets are: editors and `echo` leave a line end that is not part of it. */
export function readSecret(path: string): Verdict<string> {
  const content = readText(path);
  if (!content.ok) return content;
  const value = content.value.replace(/[\r\n]+$/, '');
  return value === '' ? no(`${path} is empty`) : yes(value);
}

export function readPem(path: string, kind: 'CERTIFICATE' | 'PRIVATE KEY'): Verdict<string> {
  const content = readText(path);
  if (!content.ok) return content;
  if (new RegExp(`-----BEGIN ([A-Z0-9]+ )*${kind}-----`).test(content.value)) return content;
  return no(`${path} holds no PEM block "BEGIN ${kind}"`);
}

/** Makes the directory where it is missing, open to its owner only. */
export function ensureDirectory(path: string): Verdict {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (!statSync(path).isDirectory()) return no(`${path} is a file, not a directory`);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return yes(undefined);
  } catch (error) {
    return no(`${path} can’t be written to: it ${reasonOf(error)}`);
  }
}

/** A file that will be appended to. */
export function ensureAppendable(path: string): Verdict {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    return no(`${path} is a directory, not a file`);
  return ensureDirectory(dirname(path));
}

/** Paths in the configuration are relative to its own file, wherever the program was started. */
export function besideConfig(file: string, path: string): string {
  return resolve(dirname(file), path);
}

export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code] ?? `can’t be used (${code})`;
}

/** `ENOENT` and the like. Not by `instanceof`: Jest's modules have another Error than the built-in ones. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'unknown error';
}
