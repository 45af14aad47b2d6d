// A worker whose event loop stands still in the middle of a job for longer than its lock lasts: busy-worker.mjs <Redis URL>
import { Redis } from 'ioredis';
import { makeWorker } from '../../dist/src/adapters/queue/workers.js';

const LOCK_MS = 1000;
const BUSY_MS = 3 * LOCK_MS;

const [url] = process.argv.slice(2);
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const journal = new Redis(url);

const run = async () => {
  await journal.rpush('starts', 'busy');
  for (const end = Date.now() + BUSY_MS; Date.now() < end;);
  await journal.rpush('ends', 'busy');
};

makeWorker('operations', {
  connection: new Redis(url, { maxRetriesPerRequest: null }),
  log: silent,
  ids: { next: () => 'reference-of-the-busy-one' },
  work: new Map([['run-operation', { run }]]),
  timing: { lockDuration: LOCK_MS, stalledInterval: 300 },
});
