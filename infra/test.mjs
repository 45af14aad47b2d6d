// `npm test`: Jest on ES modules, which needs a flag of Node's.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
// Where .ci/run reads how many tests passed.
const summary = process.env.CI ? ['--json', '--outputFile=.cache/jest.json'] : [];

const jest = spawn(
  process.execPath,
  [...flags, 'node_modules/jest/bin/jest.js', ...summary, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => jest.kill(signal));
jest.on('error', (error) => {
  console.error(`✗ Jest could not be started: ${error.message}`);
  process.exitCode = 1;
});
jest.on('close', (code) => {
  process.exitCode = code ?? 1;
});
