import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { until } from '../../../infra/local/until.js';

const MODULES = new URL('../../../dist/infra/local/', import.meta.url).href;

const PROGRAM = `
  import { startEtcd } from '${MODULES}etcd.js';
  import { startRedis } from '${MODULES}redis.js';
  const etcd = await startEtcd({ version: '3.5', members: 2 });
  const redis = await startRedis();
  etcd.members[1].pause();
  const pids = [...etcd.members.map(({ pid }) => pid), redis.pid];
  console.log(JSON.stringify({ pids, folders: [etcd.members[0].dataDir, redis.directory] }));
  setInterval(() => {}, 1000);
`;

interface Started {
  pids: number[];
  folders: string[];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function startProgram() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ...(JSON.parse(line) as Started) };
}

describe('a program that started servers', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'and ended by %s leaves no server and no data behind',
    async (signal) => {
      const { child, pids, folders } = await startProgram();
      expect(pids.filter(isAlive)).toEqual(pids);
      child.kill(signal);
      await until(() => !pids.some(isAlive), { what: 'all servers are gone' });
      await until(() => !folders.some(existsSync), { what: 'all data is removed' });
    },
  );
});
