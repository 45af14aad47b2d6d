import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';

/** Compares with a file in `test`, by its path without `.golden.json`. UPDATE_GOLDEN=1 writes it instead. */
export function expectGolden(name: string, value: unknown): void {
  const path = fileURLToPath(new URL(`./${name}.golden.json`, import.meta.url));
  const told = `${JSON.stringify(value, null, 2)}\n`;
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, told);
  }
  if (!existsSync(path))
    throw new Error(`${path} is missing: run once with UPDATE_GOLDEN=1, and read what it says`);
  expect(JSON.parse(told)).toEqual(JSON.parse(readFileSync(path, 'utf8')));
}
