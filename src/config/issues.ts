import type { z } from 'zod';
import { knownKeys, nearest } from './keys.js';
import type { Path, Problems } from './problems.js';
import { isRawMap, valueAt } from './raw.js';

type Issue = z.core.$ZodIssue;

/** Adds what Zod found, in words that say what to do. Values are not repeated: a wrong one may be a secret. */
export function addIssues(problems: Problems, raw: unknown, issues: readonly Issue[]): void {
  for (const issue of issues) {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code === 'unrecognized_keys') addUnknown(problems, path, issue.keys);
    else if (issue.code === 'invalid_union') addUnion(problems, raw, issue);
    else problems.add(path, explain(issue, path, raw));
  }
}

function addUnknown(problems: Problems, path: Path, keys: readonly string[]): void {
  for (const key of keys) problems.add([...path, key], unknownKey(key, knownKeys(path)));
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  if (meant !== undefined) return `is not a known key; did you mean \`${meant}\`?`;
  return `is not a known key; known here: ${known.join(', ')}`;
}

/** Where a map was written, the last kind is the one that takes a map, and its complaints are the useful ones. */
function addUnion(problems: Problems, raw: unknown, issue: Extract<Issue, { code: 'invalid_union' }>): void {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const takesMap = issue.errors
    .at(-1)
    ?.every((one) => one.path.length > 0 || one.code === 'unrecognized_keys');
  const nested = takesMap === true && isRawMap(valueAt(raw, path)) ? issue.errors.at(-1) : undefined;
  if (nested === undefined) {
    problems.add(path, issue.message);
    return;
  }
  addIssues(
    problems,
    raw,
    nested.map((one) => ({ ...one, path: [...path, ...one.path] })),
  );
}

function explain(issue: Issue, path: Path, raw: unknown): string {
  if (path.join('.') === 'slack.mode' && valueAt(raw, path) === 'http') {
    return 'http is not supported yet by this version; write `socket`, and give SLACK_APP_TOKEN';
  }
  if (issue.code === 'invalid_value') return `must be one of: ${issue.values.map(String).join(', ')}`;
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message;
  const value = valueAt(raw, path);
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty; give it a value or take the line out';
  return `must be ${KINDS[issue.expected] ?? issue.expected}, not ${kindOf(value)}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isRawMap(value)) return 'a map';
  return { string: 'text', boolean: 'true or false' }[typeof value as string] ?? 'a number';
}
