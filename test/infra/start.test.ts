import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const START = fileURLToPath(new URL('../../infra/start.mjs', import.meta.url));
const SAYS = (what: string) => `console.log('${what}', ...process.argv.slice(2));`;

let clone: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), text);
}

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'etcd-steward-start-'));
  write('package.json', '{"type":"module"}');
  write('dist/src/main.js', SAYS('bot'));
  write('dist/infra/playground/main.js', SAYS('playground'));
  mkdirSync(join(clone, 'infra'));
  cpSync(START, join(clone, 'infra/start.mjs'));
});

afterAll(() => rmSync(clone, { recursive: true }));

async function start(args: string[], variables: Record<string, string>): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', ...variables };
  const { stdout } = await run(process.execPath, [join(clone, 'infra/start.mjs'), ...args], { env });
  return stdout.trim();
}

describe('npm start', () => {
  it.each<[string, string[], Record<string, string>, string]>([
    ['nothing is configured', [], {}, 'playground'],
    ['only other things are set', ['--port', '1'], { LOG_LEVEL: 'debug' }, 'playground --port 1'],
    ['a token is set', [], { SLACK_BOT_TOKEN: 'x' }, 'bot start'],
    ['a token is in a file', [], { SLACK_APP_TOKEN_FILE: '/x' }, 'bot start'],
    ['a configuration is named', ['--config', 'x', '--role', 'all'], {}, 'bot start --config x --role all'],
    ['a configuration is named with =', ['--config=x'], {}, 'bot start --config=x'],
    ['STEWARD_CONFIG is set', [], { STEWARD_CONFIG: 'x' }, 'bot start'],
  ])('where %s', async (_case, args, variables, expected) => {
    expect(await start(args, variables)).toBe(expected);
  });
});
