import { createHash } from 'node:crypto';
import { parseDocument } from 'yaml';
import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';
import { readBytes } from './files.js';
import { isRawMap, type RawMap } from './raw.js';

export interface Content {
  readonly raw: RawMap;
  /** SHA-256 of the file's bytes, hex. */
  readonly digest: string;
}

/** The file's content as it is written, or why it can't be read; a syntax error comes with its line. */
export function readYaml(file: string): Verdict<Content> {
  const bytes = readBytes(file);
  if (!bytes.ok) return no(`${bytes.reason}; name the configuration with --config FILE or STEWARD_CONFIG`);
  // Integers past 2^53, such as an unquoted cluster id, must not lose their last digits.
  const document = parseDocument(bytes.value.toString('utf8'), { intAsBigInt: true, prettyErrors: true });
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) return no(errors.map((error) => `${file}: ${oneLine(error.message)}`).join('\n'));
  const map = toMap(file, () => document.toJS({ reviver: smallNumbers }));
  return map.ok ? yes({ raw: map.value, digest: sha256(bytes.value) }) : map;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Too many aliases of aliases are refused by the parser at this late moment. */
function toMap(file: string, convert: () => unknown): Verdict<RawMap> {
  try {
    const raw = convert();
    if (isRawMap(raw)) return yes(raw);
    return no(`${file}: ${raw === null ? 'is empty' : 'is not a map of keys'}; begin with \`clusters:\``);
  } catch (error) {
    return no(`${file}: ${error instanceof Error ? oneLine(error.message) : 'can’t be read'}`);
  }
}

function smallNumbers(_key: unknown, value: unknown): unknown {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** The parser's excerpt of the file may hold anything, so only its first line is kept. */
function oneLine(message: string): string {
  return message.split('\n')[0]?.replace(/:$/, '') ?? message;
}
