import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const inModules = join('node_modules', 'local-slack-linux-x64', 'bin', 'local-slack');

/** The local-slack program: LOCAL_SLACK_BIN, the project's own dependency, or the PATH. */
export function findLocalSlack(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment['LOCAL_SLACK_BIN'];
  if (named !== undefined && named !== '') return checked(named);
  const found = candidates(environment).find(executable);
  if (found !== undefined) return found;
  throw new Error(
    'local-slack was not found. On Linux x64 run `npm install` in the project (it is an optional dependency ' +
      'of the workspace infra/local). Elsewhere build parvalabs/local-slack 0.1.8 and put it on the PATH, ' +
      'or name it in LOCAL_SLACK_BIN.',
  );
}

function checked(path: string): string {
  if (executable(path)) return path;
  throw new Error(`LOCAL_SLACK_BIN names ${path}, which is not an executable file.`);
}

function candidates(environment: NodeJS.ProcessEnv): string[] {
  const onPath = (environment['PATH'] ?? '').split(delimiter).filter((part) => part !== '');
  return [
    ...parents(dirname(fileURLToPath(import.meta.url))).map((folder) => join(folder, inModules)),
    ...onPath.map((folder) => join(folder, 'local-slack')),
  ];
}

/** This file lies at another depth in dist than in the sources, so every folder above is looked at. */
function parents(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...parents(above)];
}

function executable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
