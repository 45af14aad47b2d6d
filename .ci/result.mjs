// Reads what Jest wrote down: which files failed, and how many tests passed and failed in the end.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [, , what, ...files] = process.argv;

function read(file) {
  return file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** A file that could not even be loaded has no test that failed, and counts as one failure. */
function failuresOf({ assertionResults, status }) {
  const failed = assertionResults.filter((test) => test.status === 'failed').length;
  return status === 'failed' ? Math.max(1, failed) : failed;
}

function passesOf({ assertionResults }) {
  return assertionResults.filter((test) => test.status === 'passed').length;
}

function failedFiles(file) {
  const results = read(file)?.testResults ?? [];
  const failed = results.filter((one) => failuresOf(one) > 0);
  for (const { name } of failed) console.log(relative(process.cwd(), name));
}

/** The newer run of a file counts. */
function sum([newer, older]) {
  const again = read(newer)?.testResults ?? [];
  const names = new Set(again.map(({ name }) => name));
  const results = [...(read(older)?.testResults ?? []).filter(({ name }) => !names.has(name)), ...again];
  const total = (count) => results.reduce((all, one) => all + count(one), 0);
  const [passed, failed] = [total(passesOf), total(failuresOf)];
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

if (what === 'failed-files') failedFiles(files[0]);
else sum(files);
