import { parseDocument } from 'yaml';
import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';
import { readText } from './files.js';
import { isRawMap, type RawMap } from './raw.js';

/** The file's content as it is written, or why it can't be read; a syntax error comes with its line. */
export function readYaml(file: string): Verdict<RawMap> {
  const text = readText(file);
  if (!text.ok) return no(`${text.reason}; name the configuration with --config FILE or STEWARD_CONFIG`);
  // Integers past 2^53, such as an unquoted cluster id, must not lose their last digits.
  const document = parseDocument(text.value, { intAsBigInt: true, prettyErrors: true });
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) return no(errors.map((error) => `${file}: ${oneLine(error.message)}`).join('\n'));
  return toMap(file, () => document.toJS({ reviver: smallNumbers }));
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
