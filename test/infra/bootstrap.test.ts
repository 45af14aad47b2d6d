import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INFRA = fileURLToPath(new URL('../../infra/', import.meta.url));

// Installs a compiler that "compiles" by writing the program, or fails where the source says so.
const NPM = `
  const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
  appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
  mkdirSync('node_modules/typescript/bin', { recursive: true });
  writeFileSync('node_modules/typescript/bin/tsc', \`
    const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
    const source = readFileSync('src/main.ts', 'utf8');
    if (source.includes('ERROR')) { console.log('main.ts: it says ERROR'); process.exit(2); }
    mkdirSync('dist/src', { recursive: true });
    writeFileSync('dist/src/main.js', source);
  \`);
`;

let clone: string;
const at = (path: string) => join(clone, path);

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'etcd-steward-clone-'));
  mkdirSync(at('infra'));
  mkdirSync(at('src'));
  cpSync(join(INFRA, 'bootstrap.mjs'), at('infra/bootstrap.mjs'));
  writeFileSync(at('npm.cjs'), NPM);
  writeFileSync(at('package.json'), '{}');
  writeFileSync(at('package-lock.json'), '{}');
  writeFileSync(at('src/main.ts'), '// first');
});

afterEach(() => rmSync(clone, { recursive: true }));

async function bootstrap(...args: string[]): Promise<string> {
  const env = { ...process.env, npm_execpath: at('npm.cjs') };
  const { stdout } = await run(process.execPath, ['infra/bootstrap.mjs', ...args], { cwd: clone, env });
  return stdout;
}

describe('bootstrap', () => {
  it('installs with the developer tools, and builds an executable program', async () => {
    expect(await bootstrap()).toBe('▸ installing dependencies (once, about 30 s) …\n▸ building …\n');
    expect(readFileSync(at('npm.log'), 'utf8')).toBe(
      'install --no-save --no-audit --no-fund --include=dev\n',
    );
    expect(statSync(at('dist/src/main.js')).mode & 0o111).toBe(0o111);
  });

  it('does nothing the second time', async () => {
    await bootstrap();
    expect(await bootstrap()).toBe('');
  });

  it('builds again, from an empty dist, when a source has changed', async () => {
    await bootstrap();
    writeFileSync(at('dist/src/removed.js'), '');
    writeFileSync(at('src/main.ts'), '// second');
    expect(await bootstrap()).toBe('▸ building …\n');
    expect(readFileSync(at('dist/src/main.js'), 'utf8')).toBe('// second');
    expect(existsSync(at('dist/src/removed.js'))).toBe(false);
  });

  it('installs again when the lock has changed, and builds when told to', async () => {
    await bootstrap();
    writeFileSync(at('package-lock.json'), '{"changed":true}');
    expect(await bootstrap()).toBe('▸ installing dependencies (once, about 30 s) …\n');
    expect(await bootstrap('--build')).toBe('▸ building …\n');
  });

  it("shows the compiler's words when the build fails, and fails again until it is mended", async () => {
    writeFileSync(at('src/main.ts'), '// ERROR');
    await expect(bootstrap()).rejects.toThrow(/The build failed[^]*it says ERROR/);
    await expect(bootstrap()).rejects.toThrow('The build failed');
    writeFileSync(at('src/main.ts'), '// mended');
    expect(await bootstrap()).toBe('▸ building …\n');
  });

  it('does the work once when two start at the same time', async () => {
    const outputs = await Promise.all([bootstrap(), bootstrap()]);
    expect(outputs.join('').match(/▸ (installing|building)/g)).toHaveLength(2);
    expect(readFileSync(at('npm.log'), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('takes over from a bootstrap that was killed', async () => {
    mkdirSync(at('node_modules/.steward-bootstrap'), { recursive: true });
    const gone = run(process.execPath, ['-e', '']);
    await gone;
    writeFileSync(at('node_modules/.steward-bootstrap/pid'), String(gone.child.pid));
    expect(await bootstrap()).toContain('▸ building …');
  });
});
