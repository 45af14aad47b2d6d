// A worker in a process of its own, to be killed in the middle of a job: child.mjs <Redis URL> <role> <job name> <timing>
import { Redis } from 'ioredis';
import { makeWorker } from '../../../dist/src/adapters/queue/workers.js';

const [url, role, name, timing] = process.argv.slice(2);
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const journal = new Redis(url);

const run = async () => {
  await journal.rpush('starts', `child ${process.pid}`);
  await new Promise(() => {});
};

makeWorker(role, {
  connection: new Redis(url, { maxRetriesPerRequest: null }),
  log: silent,
  ids: { next: () => 'reference-of-the-child' },
  work: new Map([[name, { run }]]),
  timing: JSON.parse(timing),
});
