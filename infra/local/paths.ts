import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, the same from infra/local/*.ts under Jest and from dist/infra/local/*.js. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (packageName(folder) !== 'etcd-steward') {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('No package.json of etcd-steward above infra/local');
    folder = parent;
  }
  return folder;
}

export function cacheDirectory(): string {
  return join(projectRoot(), '.cache');
}

function packageName(folder: string): string | undefined {
  try {
    const parsed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string };
    return parsed.name;
  } catch {
    return undefined;
  }
}
