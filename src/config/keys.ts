import { configJsonSchema } from './schema.js';
import type { Path } from './problems.js';

/** The part of a JSON Schema that tells which keys are known where. */
interface Shape {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Shape>>;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly additionalProperties?: Shape | boolean;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
}

/** Made once: it takes longer than all the rest of a load. */
const ROOT: Shape = configJsonSchema();

export function knownKeys(path: Path): readonly string[] {
  let shapes = variants(ROOT, ROOT);
  for (const part of path) {
    shapes = shapes.flatMap((shape) => below(shape, part).flatMap((next) => variants(ROOT, next)));
  }
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape.properties ?? {})))];
}

/** What may stand in this place, references followed. */
function variants(root: Shape, shape: Shape): readonly Shape[] {
  const shared = shape.$ref === undefined ? undefined : root.$defs?.[shape.$ref.replace('#/$defs/', '')];
  if (shared !== undefined) return variants(root, shared);
  const several = shape.anyOf ?? shape.oneOf;
  return several?.flatMap((variant) => variants(root, variant)) ?? [shape];
}

function below(shape: Shape, part: string | number): readonly Shape[] {
  const rest = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined;
  const next = typeof part === 'number' ? shape.items : (shape.properties?.[part] ?? rest);
  return next === undefined ? [] : [next];
}

/** The known word that was probably meant, if one is near enough. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(given.length / 3));
  const ranked = known
    .map((word) => ({ word, distance: distance(given.toLowerCase(), word.toLowerCase()) }))
    .filter(
      (candidate) =>
        (candidate.distance <= limit && candidate.distance < given.length) || begins(given, candidate.word),
    )
    .sort((one, other) => one.distance - other.distance);
  return ranked[0]?.word;
}

/** `defragment` for `defrag`, `prod` for `production`. */
function begins(given: string, word: string): boolean {
  const [short, long] = given.length < word.length ? [given, word] : [word, given];
  return short.length >= 4 && long.toLowerCase().startsWith(short.toLowerCase());
}

/** Levenshtein's distance, row by row. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) row = nextRow(row, { index, letter, to });
  return row.at(-1) ?? 0;
}

interface RowInput {
  readonly index: number;
  readonly letter: string;
  readonly to: string;
}

function nextRow(above: readonly number[], { index, letter, to }: RowInput): number[] {
  const row = [index + 1];
  for (let column = 0; column < to.length; column++) {
    const replaced = (above[column] ?? 0) + (to[column] === letter ? 0 : 1);
    row.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
  }
  return row;
}
