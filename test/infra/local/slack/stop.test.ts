import { expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { findLocalSlack } from '../../../../infra/local/slack/binary.js';
import { boltFor, startSmall } from './workspace.js';

/** Of this very process: other tests run beside it. */
function ownLocalSlacks(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => parentOf(pid) === process.pid)
    .map(commandOf)
    .filter((line) => line.includes('--files-dir'));
}

function commandOf(pid: string): string {
  return readOr(`/proc/${pid}/cmdline`, '');
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readOr(`/proc/${pid}/status`, ''))?.[1]);
}

function readOr(path: string, absent: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return absent;
  }
}

it('leaves nothing behind after stop', async () => {
  const slack = await startSmall();
  const [command] = ownLocalSlacks();
  const folder = dirname(/--files-dir\0([^\0]+)/.exec(command ?? '')![1]!);
  expect(existsSync(folder)).toBe(true);
  const app = boltFor(slack);
  await app.start();

  await app.stop();
  await slack.stop();

  expect(existsSync(folder)).toBe(false);
  expect(ownLocalSlacks()).toEqual([]);
  await expect(fetch(slack.pageUrl)).rejects.toThrow('fetch failed');
});

it('says what to do where the program is not to be had', () => {
  expect(() => findLocalSlack({ LOCAL_SLACK_BIN: '/nonexistent' })).toThrow(
    'LOCAL_SLACK_BIN names /nonexistent',
  );
});
