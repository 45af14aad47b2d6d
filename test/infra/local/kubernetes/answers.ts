import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../../adapters/kubernetes/answers/', import.meta.url);

/** Recorded from a real API server. */
export function recorded(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as Record<string, unknown>;
}

/** The objects of a recorded list. */
export function recordedItems(name: string): Record<string, unknown>[] {
  return recorded(name)['items'] as Record<string, unknown>[];
}
